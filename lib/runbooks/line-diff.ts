/** DiffLine is one line of a comparison: in both texts, only in the old one, or only in the new one; line numbers from 1. */
export type DiffLine =
  | { readonly kind: 'same'; readonly text: string; readonly left: number; readonly right: number }
  | { readonly kind: 'gone'; readonly text: string; readonly left: number }
  | { readonly kind: 'new'; readonly text: string; readonly right: number }

/** DiffPart is a run of lines to show, or a number of equal lines that are left out. */
export type DiffPart =
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] }
  | { readonly kind: 'left-out'; readonly count: number; readonly from: number }

/** linesOf splits a text into its lines; a last line end makes no further line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** diffLines gives the shortest way from one text to another, line by line (Myers); what goes stands before what comes. */
export function diffLines(left: string, right: string): readonly DiffLine[] {
  const a = linesOf(left)
  const b = linesOf(right)
  const head = commonHead(a, b)
  const tail = commonTail(a, b, head)
  const middle = shortest(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const lines: DiffLine[] = []
  let at = { left: 0, right: 0 }
  const same = (): void => {
    lines.push({ kind: 'same', text: a[at.left] ?? '', left: at.left + 1, right: at.right + 1 })
    at = { left: at.left + 1, right: at.right + 1 }
  }
  for (let i = 0; i < head; i += 1) same()
  for (const step of middle) {
    if (step === 'same') same()
    else if (step === 'gone') {
      lines.push({ kind: 'gone', text: a[at.left] ?? '', left: at.left + 1 })
      at = { ...at, left: at.left + 1 }
    } else {
      lines.push({ kind: 'new', text: b[at.right] ?? '', right: at.right + 1 })
      at = { ...at, right: at.right + 1 }
    }
  }
  for (let i = 0; i < tail; i += 1) same()
  return lines
}

/** foldSame leaves out equal lines farther than `context` lines from a change. */
export function foldSame(lines: readonly DiffLine[], context = 3): readonly DiffPart[] {
  const near = new Set<number>()
  for (const [at, line] of lines.entries()) {
    if (line.kind === 'same') continue
    for (let i = at - context; i <= at + context; i += 1) near.add(i)
  }
  const parts: DiffPart[] = []
  let run: DiffLine[] = []
  let hidden: { count: number; from: number } | undefined
  for (const [at, line] of lines.entries()) {
    if (near.has(at)) {
      if (hidden) parts.push({ kind: 'left-out', ...hidden })
      hidden = undefined
      run.push(line)
      continue
    }
    if (run.length > 0) parts.push({ kind: 'lines', lines: run })
    run = []
    hidden = { count: (hidden?.count ?? 0) + 1, from: hidden?.from ?? at + 1 }
  }
  if (run.length > 0) parts.push({ kind: 'lines', lines: run })
  if (hidden && parts.length > 0) parts.push({ kind: 'left-out', ...hidden })
  return parts
}

/** countsOf gives how many lines came and went. */
export function countsOf(lines: readonly DiffLine[]): { readonly added: number; readonly removed: number } {
  return {
    added: lines.filter((line) => line.kind === 'new').length,
    removed: lines.filter((line) => line.kind === 'gone').length,
  }
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1
  return at
}

function commonTail(a: readonly string[], b: readonly string[], head: number): number {
  let at = 0
  while (at < a.length - head && at < b.length - head && a[a.length - 1 - at] === b[b.length - 1 - at])
    at += 1
  return at
}

type Step = DiffLine['kind']

// Myers' greedy search: for each number of edits, how far each diagonal reaches.
function shortest(a: readonly string[], b: readonly string[]): readonly Step[] {
  const most = a.length + b.length
  const trail: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let edits = 0; edits <= most; edits += 1) {
    trail.push(new Map(reach))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && far(reach, k - 1) < far(reach, k + 1))
      let x = down ? far(reach, k + 1) : far(reach, k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      reach.set(k, x)
      if (x >= a.length && x - k >= b.length) return stepsBack(trail, a.length, b.length)
    }
    reach = new Map(reach)
  }
  return []
}

function far(reach: ReadonlyMap<number, number>, k: number): number {
  return reach.get(k) ?? -1
}

function stepsBack(
  trail: readonly ReadonlyMap<number, number>[],
  left: number,
  right: number,
): readonly Step[] {
  const steps: Step[] = []
  let x = left
  let y = right
  for (let edits = trail.length - 1; edits >= 0; edits -= 1) {
    const reach = trail[edits] ?? new Map<number, number>()
    const k = x - y
    const down = k === -edits || (k !== edits && far(reach, k - 1) < far(reach, k + 1))
    const from = down ? k + 1 : k - 1
    const startX = far(reach, from)
    const startY = startX - from
    while (x > Math.max(0, startX) && y > Math.max(0, startY)) {
      steps.push('same')
      x -= 1
      y -= 1
    }
    if (edits === 0) break
    steps.push(down ? 'new' : 'gone')
    x = startX
    y = startY
  }
  return steps.reverse()
}
