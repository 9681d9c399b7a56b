import { type Finding, findingOf } from "@tamis/kit";
import { type AttachmentsSettings, type Objects, ObjectsUnavailable, openObjects } from "@tamis/store";
import { makeObjectName } from "@tamis/tokens";
import { remarks } from "../../doctor-texts.ts";
import type { CircularsConfig } from "../config.ts";
import { CertificatesUnavailable, certificateFolder } from "./certificates.ts";

/** What `tamis doctor` says of attachments: whether they can be stored, and whether there are certificates. */
export async function attachmentFindings({ attachments, secrets }: CircularsConfig): Promise<readonly Finding[]> {
  return [
    ...(attachments === undefined ? [] : [await storeFinding(attachments)]),
    ...(secrets.certificates === undefined ? [] : [await certificatesFinding(secrets.certificates)]),
  ];
}

async function storeFinding({ store }: AttachmentsSettings): Promise<Finding> {
  const id = "outbox.circulars.attachments";
  const where = store.kind === "folder" ? store.dir : `${store.endpoint}/${store.bucket}`;
  try {
    await tryOut(openObjects(store));
    return findingOf(id, remarks["attachments-store"], { where });
  } catch (error) {
    if (!(error instanceof ObjectsUnavailable)) throw error;
    return findingOf(id, remarks["attachments-store-fails"], { where, problem: error.code });
  }
}

/** An object of nobody's, there for a moment. */
async function tryOut(objects: Objects): Promise<void> {
  const name = makeObjectName();
  try {
    await objects.put(name, Buffer.from("tamis doctor\n"));
    const found = await objects.get(name);
    if (found === null) throw new ObjectsUnavailable("what was written is not there");
    found.octets.resume();
  } finally {
    await objects.delete(name);
  }
}

async function certificatesFinding(folder: string): Promise<Finding> {
  const id = "outbox.circulars.certificates";
  try {
    return findingOf(id, remarks.certificates, { count: String(await certificateFolder(folder).count()) });
  } catch (error) {
    if (!(error instanceof CertificatesUnavailable)) throw error;
    return findingOf(id, remarks["certificates-fail"], { problem: error.message });
  }
}
