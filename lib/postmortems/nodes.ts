/** NODE_FAULTS are what may have been amiss with a question of the triage. */
export const NODE_FAULTS = ['wrong', 'missing', 'slow'] as const

/** NodeFault says what was amiss with a question: it answered wrongly, was not there, or came late. */
export type NodeFault = (typeof NODE_FAULTS)[number]

/** FAULT_WORDS are how each is asked for. */
export const FAULT_WORDS: Readonly<Record<NodeFault, string>> = {
  wrong: 'It answered wrongly',
  missing: 'A question is missing after it',
  slow: 'It came too late',
}

/** TreeChoice is a tree with the questions and diagnoses that may be named. */
export type TreeChoice = {
  readonly path: string
  readonly title: string
  readonly nodes: readonly {
    readonly id: string
    readonly title: string
    readonly kind: 'question' | 'diagnosis'
  }[]
}

/** lineOf gives the line (from 1) on which a tree's file defines a node; 1 when it is not found. */
export function lineOf(text: string, node: string): number {
  const at = text.split('\n').findIndex((line) => {
    const found = /^\s*(?:-\s+)?(?:\{\s*)?id:\s*['"]?([^'",\s}]+)/.exec(line)
    return found?.[1] === node
  })
  return at < 0 ? 1 : at + 1
}
