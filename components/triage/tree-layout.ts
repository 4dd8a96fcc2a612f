import type { Answer, LeafState, Reach } from '@/lib/triage/model'

/** Placed is a question or a diagnosis with its place in the drawing. */
export type Placed = {
  readonly key: string
  readonly kind: 'question' | 'leaf'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly lines: readonly string[]
  readonly verdict: string
  readonly isLit: boolean
  readonly isOpen: boolean
}

/** Edge is a branch with its word and place. */
export type Edge = {
  readonly id: string
  readonly d: string
  readonly word: string
  readonly x: number
  readonly y: number
  readonly isLit: boolean
  readonly isOpen: boolean
}

/** Laid is one tree ready to be drawn. */
export type Laid = {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Placed[]
  readonly edges: readonly Edge[]
  readonly words: string
}

const BOX = { width: 190, gapX: 60, gapY: 14, lineHeight: 15, chars: 27 }

/** DrawnTree is what is to be drawn: the questions that have branches, and where each leads. */
export type DrawnTree = {
  readonly name: string
  readonly title: string
  readonly roots: readonly string[]
  readonly nodes: readonly {
    readonly id: string
    readonly yes: readonly string[]
    readonly no: readonly string[]
  }[]
}

/** DrawnWords are the words and the state of every box; without an answer or a state the drawing only shows what is asked. */
export type DrawnWords = {
  readonly questions: Readonly<
    Record<
      string,
      | {
          readonly ask: string
          readonly answer: Answer | null
          readonly override: { readonly by: string } | null
          readonly reach: Reach | null
        }
      | undefined
    >
  >
  readonly leaves: Readonly<
    Record<string, { readonly title: string; readonly state: LeafState | null } | undefined>
  >
}

/** layOut places questions left to right by their distance from the root, each thing once, below what came before. */
export function layOut(tree: DrawnTree, data: DrawnWords): Laid {
  const nodes = new Map(tree.nodes.map((node) => [node.id, node]))
  const placed = new Map<string, Placed>()
  const edges: Edge[] = []
  let bottom = 0
  function place(id: string, depth: number): Placed | undefined {
    const before = placed.get(id)
    if (before) return before
    const box = boxOf(id, data)
    if (!box) return undefined
    const x = depth * (BOX.width + BOX.gapX)
    const top = bottom
    placed.set(id, { ...box, key: id, x, y: top })
    const node = nodes.get(id)
    for (const [word, targets] of [
      ['yes', node?.yes ?? []],
      ['no', node?.no ?? []],
    ] as const) {
      for (const target of targets) {
        if (target === 'clear') continue
        const child = place(target, depth + 1)
        const from = placed.get(id)
        if (child && from) edges.push(edgeOf(from, child, { word, answer: data.questions[id]?.answer }))
      }
    }
    bottom = Math.max(bottom, top + box.height + BOX.gapY)
    return placed.get(id)
  }
  for (const root of tree.roots) place(root, 0)
  const all = [...placed.values()]
  return {
    width: Math.max(BOX.width, ...all.map((node) => node.x + node.width)) + 16,
    height: Math.max(40, bottom),
    nodes: all,
    edges,
    words: `${tree.title}: ${all
      .filter((node) => node.isLit && node.kind === 'question')
      .map((node) => `${node.lines.join(' ')} ${node.verdict}`)
      .join('. ')}`,
  }
}

function boxOf(id: string, data: DrawnWords): Omit<Placed, 'key' | 'x' | 'y'> | undefined {
  const question = data.questions[id]
  const leaf = data.leaves[id]
  if (question) {
    const lines = wrap(question.ask)
    return {
      kind: 'question',
      width: BOX.width,
      height: 14 + (lines.length + 1) * BOX.lineHeight,
      lines,
      verdict: question.override ? `${question.answer}, @${question.override.by}` : (question.answer ?? ''),
      isLit: question.reach === 'lit' || question.answer === null,
      isOpen: question.reach === 'open',
    }
  }
  if (!leaf) return undefined
  const lines = wrap(leaf.title)
  return {
    kind: 'leaf',
    width: BOX.width,
    height: 14 + (lines.length + 1) * BOX.lineHeight,
    lines,
    verdict: leaf.state === 'excluded' ? '' : (leaf.state ?? ''),
    isLit: leaf.state === 'certain' || leaf.state === 'likely' || leaf.state === null,
    isOpen: leaf.state === 'possible',
  }
}

function edgeOf(
  from: Placed,
  to: Placed,
  branch: { readonly word: 'yes' | 'no'; readonly answer: string | null | undefined },
): Edge {
  const startX = from.x + from.width
  const startY = from.y + 20
  const endY = to.y + 20
  const turnX = startX + 20
  return {
    id: `${from.key} ${branch.word} ${to.key}`,
    d: `M${startX} ${startY}H${turnX}V${endY}H${to.x}`,
    word: branch.word,
    x: to.x - 24,
    y: endY - 4,
    isLit: branch.answer === branch.word && from.isLit,
    isOpen: branch.answer !== null && branch.answer !== 'yes' && branch.answer !== 'no',
  }
}

function wrap(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < BOX.chars)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.slice(0, 4)
}
