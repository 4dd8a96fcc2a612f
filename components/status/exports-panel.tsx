'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SecretField } from '@/components/ui/secret-field'
import { StateWord } from '@/components/ui/state-word'
import { Table } from '@/components/ui/table'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { faceOf } from './face-of'
import { useSending } from './use-sending'

type Place = Wire<QueryResult<'status.exports'>>[number]

const REFRESH_MS = 15_000
const seconds = (text: string | null): number => (text === null ? 0 : Date.parse(text) / 1000)

function resultOf(place: Place): { readonly rating: 'clear' | 'breach' | 'unknown'; readonly word: string } {
  if (!place.isOn) return { rating: 'unknown', word: 'Off' }
  if (place.lastError !== null) return { rating: 'breach', word: 'Failed' }
  return place.lastOkAt === null
    ? { rating: 'unknown', word: 'Not copied yet' }
    : { rating: 'clear', word: 'Copied' }
}

/** ExportsPanel lists the places for copies, so that the page survives the console. */
export function ExportsPanel({ mayExport }: { readonly mayExport: boolean }): ReactNode {
  const list = useQuery({ ...queryOf('status.exports', {}), refetchInterval: REFRESH_MS })
  const [editing, setEditing] = useState<Place | 'new' | undefined>(undefined)
  const face = faceOf(list, 'The places for copies could not be read.')
  if (face) return <Panel title="Copies" face={face} />
  const places = list.data ?? []
  return (
    <Panel title="Copies" note="every minute and at every publication" aside={`${places.length}`}>
      <Table label="Places for copies">
        <thead>
          <tr>
            <th>Last copy</th>
            <th>Place</th>
            <th>When</th>
            <th>What</th>
            <th className="num">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.id}>
              <td>
                <StateWord {...resultOf(place)} />
                {place.isOn && place.lastError !== null ? (
                  <span className="block max-w-80 text-12 whitespace-normal text-breach">
                    {place.lastError}
                  </span>
                ) : null}
              </td>
              <td>
                {place.name}
                <span className="block font-mono text-12 text-ink-3">
                  {place.kind === 's3'
                    ? `${place.config.endpoint}/${place.config.bucket}`
                    : 'WATCHFLOOR_STATUS_DIR/public'}
                </span>
              </td>
              <td>
                <TimeAgo at={seconds(place.lastOkAt)} />
              </td>
              <td className="whitespace-nowrap text-ink-2">
                {place.lastFiles === null
                  ? ''
                  : `${place.lastFiles} files, ${Math.ceil((place.lastBytes ?? 0) / 1000)} kB`}
              </td>
              <td className="num whitespace-nowrap">
                {mayExport ? <PlaceMoves place={place} onChange={() => setEditing(place)} /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      {mayExport ? (
        <Button className="mt-3" onClick={() => setEditing('new')}>
          Add a bucket
        </Button>
      ) : null}
      {editing === undefined ? null : (
        <BucketForm
          key={editing === 'new' ? 'new' : editing.id}
          place={editing === 'new' ? undefined : editing}
          taken={places.map(({ id }) => id)}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Panel>
  )
}

function PlaceMoves({
  place,
  onChange,
}: {
  readonly place: Place
  readonly onChange: () => void
}): ReactNode {
  const { send, isBusy, fault } = useSending()
  const isOurs = place.id === 'folder' || place.id === 'environment'
  return (
    <>
      {isOurs ? null : (
        <Button size="small" variant="quiet" aria-label={`Change ${place.name}`} onClick={onChange}>
          Change
        </Button>
      )}
      <Button
        size="small"
        variant="quiet"
        busy={isBusy}
        aria-label={`${place.isOn ? 'Turn off' : 'Turn on'}: ${place.name}`}
        onClick={() => void send('status.switchExport', { id: place.id, isOn: !place.isOn })}
      >
        {place.isOn ? 'Turn off' : 'Turn on'}
      </Button>
      {fault ? (
        <span role="alert" className="block text-12 text-breach">
          {fault}
        </span>
      ) : null}
    </>
  )
}

const FIELDS = [
  {
    key: 'endpoint',
    label: 'Endpoint',
    hint: 'https://s3.eu-central-1.amazonaws.com, https://….r2.cloudflarestorage.com',
  },
  { key: 'region', label: 'Region', hint: 'auto, where the store has none' },
  { key: 'bucket', label: 'Bucket', hint: undefined },
  { key: 'prefix', label: 'Folder in the bucket', hint: 'May be empty' },
  { key: 'accessKeyId', label: 'Access key id', hint: undefined },
] as const

type Config = Record<(typeof FIELDS)[number]['key'], string>

function BucketForm({
  place,
  taken,
  onClose,
}: {
  readonly place: Place | undefined
  readonly taken: readonly string[]
  readonly onClose: () => void
}): ReactNode {
  const { send, isBusy, fault } = useSending()
  const [name, setName] = useState(place?.name ?? '')
  const [secret, setSecret] = useState('')
  const [config, setConfig] = useState<Config>({
    endpoint: place?.config.endpoint ?? '',
    region: place?.config.region ?? 'auto',
    bucket: place?.config.bucket ?? '',
    prefix: place?.config.prefix ?? '',
    accessKeyId: place?.config.accessKeyId ?? '',
  })
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const id = place?.id ?? freeId(name, taken)
    const input = { id, name, config, version: place?.version ?? 0, ...(secret === '' ? {} : { secret }) }
    if (await send('status.setBucket', input)) onClose()
  }
  async function remove(id: string): Promise<void> {
    if (await send('status.removeBucket', { id })) onClose()
  }
  return (
    <Dialog open onClose={onClose} title={place ? `Change ${place.name}` : 'Add a bucket'}>
      <form onSubmit={(event) => void save(event)} className="grid gap-3">
        <Field label="Name" {...(fault ? { error: fault } : {})}>
          {(control) => (
            <Input
              {...control}
              value={name}
              required
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {FIELDS.map(({ key, label, hint }) => (
          <Field key={key} label={label} {...(hint ? { hint } : {})}>
            {(control) => (
              <Input
                {...control}
                value={config[key]}
                required={key !== 'prefix'}
                autoComplete="off"
                onChange={(event) => setConfig({ ...config, [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <SecretField
          label="Secret access key"
          isHeld={place?.hasSecret ?? false}
          required
          value={secret}
          onChange={setSecret}
        />
        <div className="flex flex-wrap justify-end gap-2">
          {place ? (
            <Button variant="quiet" busy={isBusy} onClick={() => void remove(place.id)}>
              Forget this bucket
            </Button>
          ) : null}
          <Button type="submit" variant="primary" busy={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function freeId(name: string, taken: readonly string[]): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 30) || 'bucket'
  return taken.includes(base) ? `${base}-${taken.length + 1}` : base
}
