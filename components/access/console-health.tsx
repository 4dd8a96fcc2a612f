import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'

/** ConsoleHealthReading is what the console knows about itself before anybody has signed in. */
export type ConsoleHealthReading = {
  readonly upMs: number
  readonly databaseMs: number | undefined
  readonly version: string
  readonly at: Date
}

function upText(upMs: number): string {
  const minutes = Math.floor(upMs / 60_000)
  const hours = Math.floor(minutes / 60)
  if (hours >= 24) return `${Math.floor(hours / 24)}d ${hours % 24}h`
  return hours > 0 ? `${hours}h ${minutes % 60}m` : `${minutes}m`
}

/** ConsoleHealth is the console's own state in one line. */
export function ConsoleHealth({ reading }: { readonly reading: ConsoleHealthReading }): ReactNode {
  const { databaseMs } = reading
  return (
    <footer className="flex flex-wrap items-center gap-x-8 gap-y-2 border-t px-8 py-4 text-12 text-ink-3">
      <span className="inline-flex items-center gap-1.5 text-ink-2">
        <StateMark mark={databaseMs === undefined ? 'breach' : 'clear'} className="size-3" />
        Console up {upText(reading.upMs)}
      </span>
      {databaseMs === undefined ? (
        <span className="text-breach">The database does not answer: signing in waits for it</span>
      ) : (
        <span>Database {Math.max(1, Math.round(databaseMs))} ms</span>
      )}
      <span>Version {reading.version}</span>
      <time dateTime={reading.at.toISOString()} className="ml-auto font-mono text-14 text-ink">
        {reading.at.toISOString().slice(11, 19)}Z
      </time>
    </footer>
  )
}
