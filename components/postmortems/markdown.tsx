'use client'

import { createContext, createElement, Fragment, type ReactNode, useContext, useMemo } from 'react'
import { markdown } from '@/lib/postmortems/markdown'
import type { Block, Inline } from '@/lib/postmortems/markdown-model'

/** Where an address within the document leads: the page that holds it, empty for the one that is open. */
const Home = createContext('')

/**
 * Markdown shows a text as its writer meant it. It is built of React elements alone: tags in a text are words, a picture is
 * a link to it, and nothing is fetched. `level` is the heading that a first-level heading of the text becomes.
 */
export function Markdown({
  text,
  level = 3,
  home = '',
}: {
  readonly text: string
  readonly level?: number
  /** home is the page that holds what `#…` points at, where it is not the one that is open. */
  readonly home?: string
}): ReactNode {
  const blocks = useMemo(() => markdown(text), [text])
  return (
    <div className="grid min-w-0 grid-cols-1 gap-3 text-16 leading-relaxed break-words">
      <Home value={home}>
        <Blocks blocks={blocks} level={level} />
      </Home>
    </div>
  )
}

function Blocks({ blocks, level }: { readonly blocks: readonly Block[]; readonly level: number }): ReactNode {
  return inOrder(blocks.map((block) => createElement(OneBlock, { block, level })))
}

/** Parts of a text have no names of their own: they stand as children in their order, as if written out. */
function inOrder(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts)
}

function OneBlock({ block, level }: { readonly block: Block; readonly level: number }): ReactNode {
  switch (block.kind) {
    case 'heading':
      return createElement(
        `h${Math.min(6, level + block.level - 1)}`,
        { className: block.level === 1 ? 'text-16 font-semibold' : 'text-14 font-semibold' },
        <Inlines inlines={block.children} />,
      )
    case 'paragraph':
      return (
        <p className="whitespace-pre-line">
          <Inlines inlines={block.children} />
        </p>
      )
    case 'code':
      return <Code text={block.text} info={block.info} />
    case 'quote':
      return (
        <blockquote className="grid grid-cols-1 gap-3 border-l-2 border-line-2 pl-4 text-ink-2">
          <Blocks blocks={block.blocks} level={level} />
        </blockquote>
      )
    case 'rule':
      return <hr className="border-line-2" />
    case 'table':
      return <Table block={block} />
    case 'list':
      return <List block={block} level={level} />
  }
}

function Code({ text, info }: { readonly text: string; readonly info: string }): ReactNode {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={info === '' ? 'Code' : `Code, ${info}`}
      className="overflow-auto bg-sunk"
    >
      <pre className="px-3 py-2 font-mono text-12 leading-5 [word-spacing:0]">
        <code>{text}</code>
      </pre>
    </section>
  )
}

function List({
  block,
  level,
}: {
  readonly block: Extract<Block, { kind: 'list' }>
  readonly level: number
}): ReactNode {
  const className = block.isTight ? '' : 'pb-1'
  const items = inOrder(
    block.items.map((item) => createElement('li', { className }, <Blocks blocks={item} level={level} />)),
  )
  if (block.start === null) return <ul className="list-outside list-disc pl-6">{items}</ul>
  return (
    <ol start={block.start} className="list-outside list-decimal pl-6">
      {items}
    </ol>
  )
}

function Table({ block }: { readonly block: Extract<Block, { kind: 'table' }> }): ReactNode {
  const head = block.head.map((cell) =>
    createElement(
      'th',
      { className: 'border-b border-line-2 py-1 pr-4 text-left font-medium' },
      inlinesOf(cell),
    ),
  )
  const rows = block.rows.map((row) =>
    createElement(
      'tr',
      null,
      ...row.map((cell) =>
        createElement('td', { className: 'border-b py-1 pr-4 align-top' }, inlinesOf(cell)),
      ),
    ),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section tabIndex={0} aria-label="Table" className="overflow-x-auto">
      <table className="text-13">
        <thead>{createElement('tr', null, ...head)}</thead>
        <tbody>{inOrder(rows)}</tbody>
      </table>
    </section>
  )
}

function inlinesOf(inlines: readonly Inline[]): ReactNode {
  return <Inlines inlines={inlines} />
}

function Inlines({ inlines }: { readonly inlines: readonly Inline[] }): ReactNode {
  return inOrder(inlines.map((inline) => createElement(OneInline, { inline })))
}

function OneInline({ inline }: { readonly inline: Inline }): ReactNode {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'break':
      return <br />
    case 'code':
      return <code className="bg-sunk px-1 font-mono text-[0.875em] [word-spacing:0]">{inline.text}</code>
    case 'emphasis':
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      )
    case 'strong':
      return (
        <strong className="font-semibold">
          <Inlines inlines={inline.children} />
        </strong>
      )
    case 'struck':
      return (
        <del>
          <Inlines inlines={inline.children} />
        </del>
      )
    case 'link':
      return <Address inline={inline} />
  }
}

function Address({ inline }: { readonly inline: Extract<Inline, { kind: 'link' }> }): ReactNode {
  const home = useContext(Home)
  const isOurs = inline.href.startsWith('/') || inline.href.startsWith('#')
  return (
    <a
      href={inline.href.startsWith('#') ? `${home}${inline.href}` : inline.href}
      className="link"
      {...(isOurs ? {} : { rel: 'noopener noreferrer nofollow', target: '_blank' })}
    >
      <Inlines inlines={inline.children} />
    </a>
  )
}
