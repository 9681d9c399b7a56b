import { html } from "hono/html";
import type { Html } from "./layout.ts";

export interface TableColumn {
  readonly head: string;
  /** How its cells are written; as text where it is absent. */
  readonly kind?: "number" | "time" | undefined;
}

type Cell = Html | string;

export interface TableOptions {
  /** What it is called, for whoever does not see it. */
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** The first cell of each names it. */
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * A table that becomes a list of cards where it is too narrow for one: each cell has its head beside it then. The roles say what style sheets take
 * away from tables that are shown otherwise.
 */
export function table({ label, columns, rows }: TableOptions): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table role="table">
<thead role="rowgroup"><tr role="row">${columns.map((one) => html`<th scope="col" role="columnheader" class="${classOf(one.head, one)}">${one.head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => row(cells, columns))}</tbody></table></div>`;
}

function row([first = "", ...cells]: readonly Cell[], [, ...columns]: readonly TableColumn[]): Html {
  const cell = (content: Cell, index: number): Html =>
    html`<td role="cell" data-head="${columns[index]?.head ?? ""}" class="${classOf(content, columns[index])}"><div>${content}</div></td>`;
  return html`<tr role="row"><th scope="row" role="rowheader">${first}</th>${cells.map(cell)}</tr>
`;
}

const classOf = (content: Cell, column: TableColumn | undefined): string =>
  [column?.kind ?? "text", ...(content === "" ? ["empty"] : [])].join(" ");
