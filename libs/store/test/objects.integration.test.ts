import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, beforeEach, describe, it } from "node:test";
import { Secret } from "@tamis/kit";
import { type S3Server, startS3, type TempDir, tempDir } from "@tamis/testkit";
import { type Objects, ObjectsUnavailable } from "../src/objects/objects.ts";
import { openObjects } from "../src/objects/open-objects.ts";

const NAME = "k7m3qpkhaw2xabcdefghijklmn";

describe("objects", { timeout: 60_000 }, () => {
  let dir: TempDir;
  let s3: S3Server;
  const inS3 = (more: { readonly secret?: string; readonly bucket?: string; readonly region?: string } = {}): Objects =>
    openObjects({
      kind: "s3",
      endpoint: s3.endpoint,
      bucket: more.bucket ?? s3.bucket,
      region: more.region ?? s3.region,
      prefix: "files/",
      keys: { id: s3.keys.id, secret: Secret.plain(more.secret ?? s3.keys.secret) },
    });
  const inFolder = (path = join(dir.path, "objects")): Objects => openObjects({ kind: "folder", dir: path });
  before(async () => {
    dir = tempDir("tamis-objects");
    s3 = await startS3();
  });
  beforeEach(() => s3.answer("serve"));
  after(async () => {
    await s3.stop();
    dir.remove();
  });

  for (const [where, open] of [
    ["a folder", () => inFolder()],
    ["S3", () => inS3()],
  ] as const)
    describe(`in ${where}`, () => {
      it("are put, read and deleted, each as often as one likes", async () => {
        const objects = open();
        assert.equal(await objects.get(NAME), null);
        await objects.delete(NAME);
        const octets = Buffer.alloc(3_000_001, "é");
        for (const _ of [1, 2]) await objects.put(NAME, octets);
        const found = await objects.get(NAME);
        assert.equal(found?.size, octets.length);
        assert.ok(found !== null && (await buffer(found.octets)).equals(octets));
        for (const _ of [1, 2]) await objects.delete(NAME);
        assert.equal(await objects.get(NAME), null);
      });

      it("have names that lead out of no folder", async () => {
        for (const name of ["", "..", "../../etc/passwd", "a/b/c", "A-b-c", "a%2fbc", "é".repeat(5), "a".repeat(201)])
          for (const ask of [
            () => open().put(name, Buffer.alloc(1)),
            () => open().get(name),
            () => open().delete(name),
          ])
            await assert.rejects(async () => ask(), RangeError, name);
      });
    });

  it("in a folder, what was half written is no object, is written over, and is deleted with it", async () => {
    const objects = inFolder();
    await objects.put(NAME, Buffer.from("first"));
    await objects.delete(NAME);
    const folder = join(dir.path, "objects", NAME.slice(0, 2));
    writeFileSync(join(folder, `${NAME}.part`), "hal");
    assert.equal(await objects.get(NAME), null);
    await objects.put(NAME, Buffer.from("whole"));
    assert.deepEqual(readdirSync(folder), [NAME]);
    assert.equal(readFileSync(join(folder, NAME), "utf8"), "whole");
    writeFileSync(join(folder, `${NAME}.part`), "hal");
    await objects.delete(NAME);
    assert.ok(!existsSync(join(folder, `${NAME}.part`)));
  });

  it("in a folder that is none are unavailable", async () => {
    writeFileSync(join(dir.path, "file"), "");
    const objects = inFolder(join(dir.path, "file"));
    await assert.rejects(objects.put(NAME, Buffer.alloc(1)), ObjectsUnavailable);
  });

  it("in S3 lie under their prefix, and what S3 says is told", async () => {
    await inS3().put(NAME, Buffer.from("here"));
    assert.deepEqual([...s3.objects.keys()], [`files/${NAME}`]);
    const code = (code: string) => (error: unknown) => error instanceof ObjectsUnavailable && error.code === code;
    await assert.rejects(inS3({ secret: "wrong" }).get(NAME), code("SignatureDoesNotMatch"));
    await assert.rejects(inS3({ region: "elsewhere" }).get(NAME), code("AuthorizationHeaderMalformed"));
    await assert.rejects(inS3({ bucket: "missing" }).get(NAME), code("NoSuchBucket"));
    await assert.rejects(inS3({ bucket: "missing" }).put(NAME, Buffer.alloc(1)), code("NoSuchBucket"));
    s3.answer({ status: 503, code: "SlowDown" });
    await assert.rejects(inS3().put(NAME, Buffer.alloc(1)), code("SlowDown"));
    await assert.rejects(inS3().delete(NAME), code("SlowDown"));
    s3.answer("cut");
    await assert.rejects(inS3().get(NAME), ObjectsUnavailable);
  });

  it("in an S3 that is not there are unavailable", async () => {
    const gone = await startS3();
    await gone.stop();
    const { bucket, region, keys } = gone;
    const settings = { kind: "s3", endpoint: gone.endpoint, bucket, region, prefix: "" } as const;
    const objects = openObjects({ ...settings, keys: { id: keys.id, secret: Secret.plain(keys.secret) } });
    await assert.rejects(
      objects.get(NAME),
      (error) => error instanceof ObjectsUnavailable && error.code === "ECONNREFUSED",
    );
  });
});
