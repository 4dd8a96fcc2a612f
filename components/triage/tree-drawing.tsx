'use client'

import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { queryOf } from '@/lib/client/api'
import { type DrawnTree, type DrawnWords, layOut, type Placed } from './tree-layout'

const SCALES = [0.6, 0.8, 1, 1.25] as const

/** TreeDrawing draws the whole trees with the path lit: questions left to right, diagnoses at the ends. */
export function TreeDrawing({ incidentId }: { readonly incidentId: string | null }): ReactNode {
  const query = useQuery({ ...queryOf('triage.tree', { incidentId }), refetchInterval: 10_000 })
  const [zoom, setZoom] = useState(1)
  const scale = SCALES[zoom] ?? 1
  if (query.data === undefined)
    return (
      <Panel
        title="The whole tree"
        face={
          query.error === null
            ? { kind: 'loading', rows: 6 }
            : { kind: 'failed', sentence: 'The trees could not be read.' }
        }
      />
    )
  const { trees } = query.data
  if (trees.length === 0)
    return <Panel title="The whole tree" face={{ kind: 'empty', sentence: 'No trees are pinned yet.' }} />
  return (
    <section id="tree" aria-labelledby="tree-title" className="grid gap-4">
      <header className="flex flex-wrap items-center gap-3">
        <h2 id="tree-title" className="text-16">
          The whole tree
        </h2>
        <span className="font-mono text-12 text-ink-3">{query.data.hash.slice(0, 12)}</span>
        <span className="ml-auto flex gap-2">
          <Button size="small" aria-label="Zoom out" onClick={() => setZoom(Math.max(0, zoom - 1))}>
            −
          </Button>
          <span className="font-mono text-12 self-center">{Math.round(scale * 100)} %</span>
          <Button
            size="small"
            aria-label="Zoom in"
            onClick={() => setZoom(Math.min(SCALES.length - 1, zoom + 1))}
          >
            +
          </Button>
        </span>
      </header>
      {trees.map((tree) => (
        <OneTree key={tree.name} tree={tree} data={query.data} scale={scale} />
      ))}
    </section>
  )
}

/** OneTree draws one tree; each question and diagnosis stands once, however many ways lead to it. */
export function OneTree({
  tree,
  data,
  scale,
}: {
  readonly tree: DrawnTree
  readonly data: DrawnWords
  readonly scale: number
}): ReactNode {
  const laid = layOut(tree, data)
  if (laid.nodes.length === 0) return null
  return (
    <figure className="grid gap-2">
      <figcaption className="text-13 text-ink-2">{tree.title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="overflow-auto border" tabIndex={0} aria-label={`${tree.title}, drawn`}>
        <svg
          width={laid.width * scale}
          height={laid.height * scale}
          viewBox={`0 0 ${laid.width} ${laid.height}`}
          role="img"
          aria-label={laid.words}
        >
          {laid.edges.map((edge) => (
            <g key={edge.id}>
              <path
                d={edge.d}
                fill="none"
                strokeWidth={edge.isLit ? 2 : 1}
                strokeDasharray={edge.isOpen ? '4 3' : undefined}
                className={edge.isLit ? 'stroke-accent' : 'stroke-line-2'}
              />
              <text
                x={edge.x}
                y={edge.y}
                className={clsx('text-[11px]', edge.isLit ? 'fill-accent' : 'fill-ink-3')}
              >
                {edge.word}
              </text>
            </g>
          ))}
          {laid.nodes.map((node) => (
            <NodeBox key={node.key} node={node} />
          ))}
        </svg>
      </section>
    </figure>
  )
}

function NodeBox({ node }: { readonly node: Placed }): ReactNode {
  return (
    <g transform={`translate(${node.x} ${node.y})`}>
      {node.kind === 'question' ? (
        <rect
          width={node.width}
          height={node.height}
          rx="4"
          className={clsx('fill-bg', node.isLit ? 'stroke-ink' : 'stroke-line-2')}
          strokeDasharray={node.isOpen ? '4 3' : undefined}
        />
      ) : null}
      <text className={clsx('text-[12px]', node.isLit ? 'fill-ink' : 'fill-ink-3')}>
        {node.lines.map((line, index) => (
          <tspan
            key={line}
            x="8"
            y={18 + index * 15}
            className={index === 0 || node.kind === 'question' ? 'font-medium' : undefined}
          >
            {line}
          </tspan>
        ))}
        <tspan x="8" y={18 + node.lines.length * 15} className={node.isLit ? 'fill-accent' : undefined}>
          {node.verdict}
        </tspan>
      </text>
    </g>
  )
}
