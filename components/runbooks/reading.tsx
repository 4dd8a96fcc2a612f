import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Link } from '@/components/ui/link'
import { Table } from '@/components/ui/table'
import { TreeReading } from './tree-reading'
import type { FileData } from './types'

/** Reading shows a runbook as people read it: a tree, settings, recorded cases, or a scenario with its truth. */
export function Reading({ data }: { readonly data: FileData }): ReactNode {
  if (data.tree !== null) return <TreeReading data={data} tree={data.tree} />
  if (data.cases !== null) return <Cases data={data} />
  if (data.settings !== null) return <Settings settings={data.settings} />
  if (data.state === 'foreign') return <Scenario data={data} />
  return (
    <p className="text-ink-2">
      It can’t be read as it is. The text and the faults above show why; what was read before counts.
    </p>
  )
}

function Settings({ settings }: { readonly settings: NonNullable<FileData['settings']> }): ReactNode {
  const sections = [...new Set(settings.map(({ section }) => section))]
  return (
    <div className="grid max-w-5xl gap-6">
      <p className="text-pretty text-ink-2">
        As it counts, with what the file leaves to its default. It is changed in the file.
      </p>
      {sections.map((section) => (
        <section
          key={section}
          id={section === '' ? undefined : section}
          className="scroll-mt-16"
          aria-label={section || 'General'}
        >
          <h2 className="pb-1 text-13">{section === '' ? 'General' : section}</h2>
          <dl>
            {settings
              .filter((row) => row.section === section)
              .map((row) => (
                <div
                  key={row.key + row.name}
                  className="grid gap-x-4 border-t py-1 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]"
                >
                  <dt className="text-ink-2">{row.name}</dt>
                  <dd className="font-mono text-[.93em] break-words">{row.value}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  )
}

function Cases({ data }: { readonly data: FileData }): ReactNode {
  const cases = data.cases ?? []
  return (
    <Panel title={`${cases.length} recorded cases`} note="what was seen, and what must come of it">
      <Table label="Recorded cases">
        <thead>
          <tr>
            <th scope="col">Case</th>
            <th scope="col">Seen, beside what is calm</th>
            <th scope="col">What must come of it</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <tr key={one.id}>
              <th scope="row" className="font-mono font-normal">
                {one.id}
              </th>
              <td className="font-mono text-12">
                {[
                  ...Object.entries(one.looks).map(([name, value]) => `${name} ${String(value)}`),
                  ...Object.entries(one.answers).map(([name, value]) => `${name}: ${value}`),
                  ...Object.entries(one.held).map(([name, value]) => `${name} for ${value} s`),
                ].join(', ') || 'nothing'}
              </td>
              <td>
                {Object.entries(one.expect).map(([leaf, state]) => (
                  <span key={leaf} className="mr-3 inline-block">
                    <LeafLink leaf={leaf} home={data.homes[leaf]} /> {state}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

function LeafLink({ leaf, home }: { readonly leaf: string; readonly home: string | undefined }): ReactNode {
  if (home === undefined) return <span className="font-mono text-12">{leaf}</span>
  return (
    <Link href={`/runbooks/${home}#${leaf}`} className="link font-mono text-12">
      {leaf}
    </Link>
  )
}

function Scenario({ data }: { readonly data: FileData }): ReactNode {
  const sure = data.truth.filter(({ may }) => !may)
  const allowed = data.truth.filter(({ may }) => may)
  return (
    <div className="grid max-w-4xl gap-6">
      {data.description === '' ? null : <p className="text-16 text-pretty">{data.description}</p>}
      <Panel
        title="The truth"
        note="what triage must find"
        face={
          sure.length === 0
            ? {
                kind: 'empty',
                sentence: 'This scenario states no truth: it shows a world and tests nothing.',
              }
            : { kind: 'ready' }
        }
      >
        <ul>
          {sure.map(({ leaf, title }) => (
            <li key={leaf} className="border-t py-1.5">
              {title} <LeafLink leaf={leaf} home={data.homes[leaf]} />
            </li>
          ))}
        </ul>
      </Panel>
      {allowed.length === 0 ? null : (
        <p className="text-pretty text-ink-2">
          May be named besides:{' '}
          {allowed.map(({ leaf, title }, index) => (
            <span key={leaf}>
              {index === 0 ? '' : ', '}
              {title}
            </span>
          ))}
          .
        </p>
      )}
      <p className="text-ink-2">
        The simulator checks the rest of it when it is played:{' '}
        <code className="font-mono text-12">npm run drill -- --headless --scenario runbooks/{data.path}</code>
      </p>
    </div>
  )
}
