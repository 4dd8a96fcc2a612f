import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { LeafReading } from './leaf-reading'
import { Targets } from './targets'
import type { FileData, TreeReading as Reading } from './types'

/** TreeReading is a tree as people read it: each question with what it rests on and where it leads, each diagnosis with what to do. */
export function TreeReading({ data, tree }: { readonly data: FileData; readonly tree: Reading }): ReactNode {
  return (
    <div className="grid gap-10 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <Panel title="Questions" note={`${tree.questions.length}, in the order of the file`}>
        <ol>
          {tree.questions.map((question) => (
            <QuestionReading key={question.id} question={question} homes={data.homes} />
          ))}
        </ol>
      </Panel>
      <div className="grid content-start gap-10">
        <Panel
          title="Diagnoses"
          note={`${tree.leaves.length}`}
          face={
            tree.leaves.length === 0
              ? { kind: 'empty', sentence: 'This tree only asks; its diagnoses stand in other trees.' }
              : { kind: 'ready' }
          }
        >
          <ol>
            {tree.leaves.map((leaf) => (
              <LeafReading key={leaf.id} leaf={leaf} data={data} />
            ))}
          </ol>
        </Panel>
        {tree.checklists.length === 0 ? null : (
          <Panel title="Checklists" note={`${tree.checklists.length}`}>
            <div className="grid gap-5 border-t pt-3">
              {tree.checklists.map((list) => (
                <Checklist key={list.id} list={list} />
              ))}
            </div>
          </Panel>
        )}
      </div>
    </div>
  )
}

function QuestionReading({
  question,
  homes,
}: {
  readonly question: Reading['questions'][number]
  readonly homes: FileData['homes']
}): ReactNode {
  const { basis } = question
  const isNode = question.yes.length > 0 || question.no.length > 0
  return (
    <li id={question.id} className="grid scroll-mt-16 gap-1 border-t py-2 target:bg-accent-tint">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <span className="text-14 font-medium text-pretty">{question.ask}</span>
        <code className="font-mono text-12 text-ink-3">{question.id}</code>
        {question.isRoot ? <Chip>root</Chip> : null}
        {question.isSymptom ? <Chip>symptom</Chip> : null}
        {isNode ? null : <span className="text-12 text-ink-3">evidence only</span>}
      </p>
      <p className="text-12 text-pretty text-ink-2">
        {basis.kind === 'person' ? 'A person: ' : ''}
        {basis.words}
        {basis.predicate === '' ? '' : ' '}
        {basis.predicate === '' ? null : <b className="font-mono font-medium text-ink">{basis.predicate}</b>}
        {basis.source === '' ? null : <span className="text-ink-3"> · {basis.source}</span>}
        {basis.freshSeconds === null ? null : (
          <span className="text-ink-3"> · good for {basis.freshSeconds} s</span>
        )}
        {basis.ids.length === 0 ? null : (
          <>
            {': '}
            {basis.ids.map((id, index) => (
              <span key={id}>
                {index === 0 ? '' : ', '}
                <Link
                  href={homes[id] === undefined ? `#${id}` : `/runbooks/${homes[id]}#${id}`}
                  className="link"
                >
                  {id}
                </Link>
              </span>
            ))}
          </>
        )}
      </p>
      {basis.query === '' ? null : <p className="font-mono text-12 break-words text-ink-3">{basis.query}</p>}
      {isNode ? (
        <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-2 text-12 leading-6">
          <dt className="text-ink-3">yes</dt>
          <dd>
            <Targets targets={question.yes} homes={homes} />
          </dd>
          <dt className="text-ink-3">no</dt>
          <dd>
            <Targets targets={question.no} homes={homes} />
          </dd>
          <dt className="text-ink-3">unknown</dt>
          <dd className="text-ink-2">
            both
            {question.besides.length === 0 ? null : (
              <>
                , and <Targets targets={question.besides} homes={homes} />
              </>
            )}
          </dd>
        </dl>
      ) : null}
    </li>
  )
}

const KINDS = { 'read-do': 'read, do, one at a time', 'do-confirm': 'do, then confirm each' } as const

function Checklist({ list }: { readonly list: Reading['checklists'][number] }): ReactNode {
  return (
    <section
      id={`checklist-${list.id}`}
      aria-label={list.title}
      className="grid scroll-mt-16 gap-1 target:bg-accent-tint"
    >
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-12 text-ink-3">
        <span className="text-13 font-medium text-ink">{list.title}</span>
        {KINDS[list.kind]} · {list.items.length} items
      </p>
      <ol>
        {list.items.map((item, index) => (
          <li key={item.id} className="grid grid-cols-[1.25rem_minmax(0,1fr)] border-t py-1.5">
            <span className="text-ink-3">{index + 1}</span>
            <span className="text-pretty">
              {item.text}
              {item.hint === undefined ? null : <span className="block text-12 text-ink-3">{item.hint}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
