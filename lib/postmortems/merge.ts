/** Merged is two texts brought together: every line that either writer added stands in it, in the order of the document. */
export type Merged = { readonly text: string; readonly isClean: boolean }

type Change = { readonly from: number; readonly to: number; readonly lines: readonly string[] }

/**
 * mergeTexts brings two edits of one text together line by line. Where both changed the same lines, both versions stand one
 * after the other and `isClean` is false: no word of either is lost.
 */
export function mergeTexts(base: string, mine: string, theirs: string): Merged {
  if (mine === theirs) return { text: mine, isClean: true }
  const lines = base.split('\n')
  const [a, b] = [changesOf(lines, mine.split('\n')), changesOf(lines, theirs.split('\n'))]
  const out: string[] = []
  let isClean = true
  let at = 0
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const group = together(a, b, i, j)
    out.push(...lines.slice(at, group.from), ...group.lines)
    if (!group.isClean) isClean = false
    at = group.to
    i = group.i
    j = group.j
  }
  return { text: [...out, ...lines.slice(at)].join('\n'), isClean }
}

/** All changes of both that touch each other form one group. */
function together(
  a: readonly Change[],
  b: readonly Change[],
  startI: number,
  startJ: number,
): Change & { readonly i: number; readonly j: number; readonly isClean: boolean } {
  let [i, j] = [startI, startJ]
  const first = earlier(a[i], b[j])
  let { from, to } = first
  for (;;) {
    const [nextA, nextB] = [a[i], b[j]]
    const takesA = nextA !== undefined && touches(nextA, from, to)
    const takesB = nextB !== undefined && touches(nextB, from, to)
    if (!takesA && !takesB) break
    if (takesA) {
      to = Math.max(to, nextA.to)
      i += 1
    }
    if (takesB) {
      to = Math.max(to, nextB.to)
      j += 1
    }
  }
  const [mine, theirs] = [a.slice(startI, i), b.slice(startJ, j)]
  if (theirs.length === 0) return { from, to, i, j, isClean: true, lines: mine.flatMap(({ lines }) => lines) }
  if (mine.length === 0) return { from, to, i, j, isClean: true, lines: theirs.flatMap(({ lines }) => lines) }
  return { from, to, i, j, ...bothOf(mine, theirs) }
}

function earlier(a: Change | undefined, b: Change | undefined): Change {
  if (a === undefined || (b !== undefined && b.from < a.from)) return b ?? { from: 0, to: 0, lines: [] }
  return a
}

function touches(change: Change, from: number, to: number): boolean {
  return change.from >= from && change.from <= to
}

function bothOf(
  mine: readonly Change[],
  theirs: readonly Change[],
): { readonly lines: readonly string[]; readonly isClean: boolean } {
  const [a, b] = [mine.flatMap(({ lines }) => lines), theirs.flatMap(({ lines }) => lines)]
  if (a.join('\n') === b.join('\n')) return { lines: a, isClean: true }
  return { lines: [...b, ...(a.length > 0 && b.length > 0 ? [''] : []), ...a], isClean: false }
}

/** What one text changed of another: runs of lines that were replaced, in order. */
function changesOf(base: readonly string[], text: readonly string[]): readonly Change[] {
  let head = 0
  while (head < base.length && head < text.length && base[head] === text[head]) head += 1
  let tail = 0
  while (
    tail < base.length - head &&
    tail < text.length - head &&
    base[base.length - 1 - tail] === text[text.length - 1 - tail]
  )
    tail += 1
  const [a, b] = [base.slice(head, base.length - tail), text.slice(head, text.length - tail)]
  if (a.length === 0 && b.length === 0) return []
  // A table of both sides in full; beyond it, the whole middle counts as one change.
  if (a.length * b.length > 1_000_000) return [{ from: head, to: head + a.length, lines: b }]
  return walked(a, b, head)
}

function walked(a: readonly string[], b: readonly string[], offset: number): readonly Change[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [row, below] = [rows[i], rows[i + 1]]
      if (row && below)
        row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  const found: Change[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1
      j += 1
      continue
    }
    const from = i
    const lines: string[] = []
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (i < a.length && (j >= b.length || (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))) i += 1
      else {
        lines.push(b[j] ?? '')
        j += 1
      }
    }
    found.push({ from: offset + from, to: offset + i, lines })
  }
  return found
}
