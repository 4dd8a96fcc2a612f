'use client'

import { type ReactNode, type RefObject, useMemo } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import { LINT_WORDS, type LintFinding, lint } from '@/lib/postmortems/lint'
import type { SectionKey } from '@/lib/postmortems/model'

/** findingsIn judges one section as it is typed. */
function findingsIn(section: SectionKey, text: string): readonly LintFinding[] {
  const found = lint({ sections: [{ key: section, body: text }], timeline: [], severity: 'P4', items: [] })
  return found.filter((one) => one.section === section && one.rule !== 'empty')
}

/** SectionLint stands under a text with what keeps readers from learning; a press selects the words. */
export function SectionLint({
  section,
  text,
  area,
}: {
  readonly section: SectionKey
  readonly text: string
  readonly area: RefObject<HTMLTextAreaElement | null>
}): ReactNode {
  const findings = useMemo(() => findingsIn(section, text), [section, text])
  if (findings.length === 0) return null
  return (
    <ul aria-label="What keeps readers from learning" className="grid grid-cols-1 border-t">
      {findings.map((finding) => (
        <li
          key={`${finding.rule} ${finding.from} ${finding.to}`}
          className="flex gap-2 border-b py-1.5 text-13"
        >
          <span className="pt-1">
            <StateMark mark="warning" />
          </span>
          <p className="min-w-0 break-words">
            <button
              type="button"
              className="link font-medium text-warn"
              onClick={() => {
                area.current?.focus()
                area.current?.setSelectionRange(finding.from, finding.to)
              }}
            >
              {LINT_WORDS[finding.rule]}
            </button>{' '}
            {finding.why}
          </p>
        </li>
      ))}
    </ul>
  )
}
