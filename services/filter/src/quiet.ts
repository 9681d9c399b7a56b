import type { BatchHead } from "@tamis/contracts";

/** Whether rules are run over mail that is stored already: nobody outside hears of it, and nothing is remembered. */
export const isStored = ({ purpose }: Pick<BatchHead, "purpose">): boolean =>
  purpose === "preview" || purpose === "apply";

/** Why nothing is sent and nothing remembered because of mail of this batch; null where it is. */
export function quietBecause({ dryRun, mode, purpose }: BatchHead): string | null {
  if (dryRun === true) return "dry-run";
  if (mode === "observe") return "observe";
  return purpose === "live" || purpose === "again" || purpose === "event" ? null : purpose;
}
