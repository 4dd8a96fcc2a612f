'use client'

import { type ReactNode, useState } from 'react'
import { OneTree } from '@/components/triage/tree-drawing'
import type { DrawnTree, DrawnWords } from '@/components/triage/tree-layout'
import { Button } from '@/components/ui/button'
import type { TreeReading } from './types'

const SCALES = [0.6, 0.8, 1, 1.25] as const

/** TreeDrawn draws a tree as it is written, without any answers. */
export function TreeDrawn({ tree }: { readonly tree: TreeReading }): ReactNode {
  const [zoom, setZoom] = useState(1)
  const scale = SCALES[zoom] ?? 1
  return (
    <section aria-label="The tree, drawn" className="grid gap-3">
      <p className="flex flex-wrap items-center gap-2">
        <span className="mr-auto text-ink-2">
          Questions left to right, diagnoses at the ends; unknown leads both ways.
        </span>
        <Button size="small" aria-label="Zoom out" onClick={() => setZoom(Math.max(0, zoom - 1))}>
          −
        </Button>
        <span className="font-mono text-12">{Math.round(scale * 100)} %</span>
        <Button
          size="small"
          aria-label="Zoom in"
          onClick={() => setZoom(Math.min(SCALES.length - 1, zoom + 1))}
        >
          +
        </Button>
      </p>
      <OneTree tree={drawnTree(tree)} data={drawnWords(tree)} scale={scale} />
    </section>
  )
}

function drawnTree(tree: TreeReading): DrawnTree {
  return {
    name: tree.title,
    title: tree.title,
    roots: tree.roots,
    nodes: tree.questions
      .filter((question) => question.yes.length > 0 || question.no.length > 0)
      .map(({ id, yes, no }) => ({ id, yes: yes.map((it) => it.id), no: no.map((it) => it.id) })),
  }
}

function drawnWords(tree: TreeReading): DrawnWords {
  const targets = tree.questions.flatMap((question) => [...question.yes, ...question.no])
  const asks = [
    ...targets.filter((it) => it.kind === 'question').map((it) => [it.id, it.words] as const),
    ...tree.questions.map((it) => [it.id, it.ask] as const),
  ]
  return {
    questions: Object.fromEntries(
      asks.map(([id, ask]) => [id, { ask, answer: null, override: null, reach: null }]),
    ),
    leaves: Object.fromEntries(
      targets.filter((it) => it.kind === 'leaf').map((it) => [it.id, { title: it.words, state: null }]),
    ),
  }
}
