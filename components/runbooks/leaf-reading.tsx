import type { ReactNode } from 'react'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { StateMark } from '@/components/ui/state-mark'
import { Targets } from './targets'
import type { FileData, TreeReading } from './types'

type Leaf = TreeReading['leaves'][number]

/** LeafReading is one diagnosis: what it means, what it rests on, what to do, what tests it, and where it ended. */
export function LeafReading({ leaf, data }: { readonly leaf: Leaf; readonly data: FileData }): ReactNode {
  const { homes } = data
  const evidence = [
    ['needs', leaf.requires],
    ['supports', leaf.supports],
    ['against', leaf.against],
    ['explains', leaf.explains],
  ] as const
  return (
    <li id={leaf.id} className="grid scroll-mt-16 gap-1.5 border-t py-3 target:bg-accent-tint">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        {leaf.severity === 'hidden' ? null : <SeverityMark severity={leaf.severity} />}
        <span className="text-14 font-medium">{leaf.title}</span>
        <code className="font-mono text-12 text-ink-3">{leaf.id}</code>
        <Chip>{leaf.plane}</Chip>
      </p>
      <p className="text-pretty text-ink-2">{leaf.means}</p>
      {leaf.raises.map((it) => (
        <p key={it.when} className="text-12 text-ink-2">
          {it.to} when: {it.when}
        </p>
      ))}
      <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-2 text-12 leading-6">
        {evidence
          .filter(([, targets]) => targets.length > 0)
          .map(([word, targets]) => (
            <Row key={word} word={word}>
              <Targets targets={targets} homes={homes} />
            </Row>
          ))}
        <Row word="do">
          <ol className="grid">
            {leaf.actions.map((action, index) => (
              <li key={action.id}>
                {index + 1}. {action.title} <ActionLink id={action.id} home={homes[`action-${action.id}`]} />
              </li>
            ))}
          </ol>
        </Row>
        <Row word="checklist">
          <Link
            href={`/runbooks/${homes[`checklist-${leaf.checklist}`] ?? data.slug}#checklist-${leaf.checklist}`}
            className="link"
          >
            {leaf.checklist}
          </Link>
        </Row>
        {leaf.messages.length === 0 ? null : <Row word="messages">{leaf.messages.join(', ')}</Row>}
        <Row word="tested by">
          <Tests leaf={leaf.id} data={data} />
        </Row>
        <NamedIn leaf={leaf.id} data={data} />
      </dl>
    </li>
  )
}

function ActionLink({ id, home }: { readonly id: string; readonly home: string | undefined }): ReactNode {
  if (home === undefined) return <code className="font-mono text-ink-3">{id}</code>
  return (
    <Link href={`/runbooks/${home}#${id}`} className="link font-mono text-ink-3">
      {id}
    </Link>
  )
}

function Row({ word, children }: { readonly word: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-ink-3">{word}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Tests({ leaf, data }: { readonly leaf: string; readonly data: FileData }): ReactNode {
  const tests = data.tested[leaf]
  if (tests === undefined || (tests.scenarios.length === 0 && tests.cases.length === 0))
    return (
      <span className="inline-flex items-center gap-1.5 text-warn">
        <StateMark mark="warning" />
        nothing: no scenario and no case reaches it
      </span>
    )
  return (
    <>
      {tests.scenarios.map((slug, index) => (
        <span key={slug}>
          {index === 0 ? '' : ', '}
          <Link href={`/runbooks/${slug}`} className="link">
            {slug.slice(slug.lastIndexOf('/') + 1)}
          </Link>
        </span>
      ))}
      {tests.cases.length === 0
        ? ''
        : `${tests.scenarios.length === 0 ? '' : ' · '}${tests.cases.length === 1 ? 'case' : 'cases'} ${tests.cases.join(', ')}`}
    </>
  )
}

function NamedIn({ leaf, data }: { readonly leaf: string; readonly data: FileData }): ReactNode {
  const incidents = data.namedIn.filter((it) => it.leaf === leaf)
  if (incidents.length === 0) return null
  return (
    <Row word="named in">
      {incidents.map((it, index) => (
        <span key={it.name}>
          {index === 0 ? '' : ', '}
          <Link href={`/incidents/${it.name}`} className="link" title={it.title}>
            {it.name}
          </Link>
        </span>
      ))}
    </Row>
  )
}
