'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { STATE_WORDS } from '@/lib/actions/model'
import { Text } from './text'
import type { RunData } from './types'

/** RunTrail is what was kept before a run changed anything, and every step that it took. */
export function RunTrail({ run }: { readonly run: RunData }): ReactNode {
  return (
    <>
      {run.evidence.length === 0 ? null : (
        <section aria-label="Kept before" className="grid gap-1">
          <h3 className="text-13">Kept before</h3>
          <ul className="grid">
            {run.evidence.map((kept) => (
              <li key={kept.id} className="border-t py-1.5">
                {kept.problem === '' ? (
                  <details>
                    <summary className="cursor-pointer break-words">
                      {kept.name}{' '}
                      <span className="text-12 text-ink-3">
                        {kept.sizeBytes.toLocaleString('en')} bytes · sha256 {kept.sha256.slice(0, 12)}
                      </span>
                    </summary>
                    <Text text={kept.text} label={kept.name} />
                  </details>
                ) : (
                  <p>
                    {kept.name} <span className="text-unknown">missing: {kept.problem}</span>
                  </p>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Step by step" className="grid gap-1">
        <h3 className="text-13">Step by step</h3>
        <ol className="grid">
          {run.steps.map((step) => (
            <li
              key={step.seq}
              className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 border-t py-1.5 text-12"
            >
              <span className="font-mono text-ink-3">
                <Instant at={Math.floor(step.atMs / 1000)} seconds />
              </span>
              <span className="text-pretty break-words">
                {STATE_WORDS[step.state]}
                <span className="text-ink-3">
                  {' '}
                  · {step.by}
                  {step.detail === '' ? '' : ` · ${step.detail.split('\n')[0]}`}
                </span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}
