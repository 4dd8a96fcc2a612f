'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { Kbd } from '@/components/ui/kbd'

/** DemoEntry is one demo person as the sign-in page shows them. */
export type DemoEntry = {
  readonly handle: string
  readonly name: string
  readonly title: string
  readonly does: string
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}

/** DemoList signs in as somebody of the demo by a press or by the keys 1 to 7. */
export function DemoList({
  people,
  csrfToken,
  back,
}: {
  readonly people: readonly DemoEntry[]
  readonly csrfToken: string
  readonly back: string
}): ReactNode {
  const list = useRef<HTMLOListElement>(null)

  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const forms = list.current?.querySelectorAll('form')
      if (/^[1-9]$/.test(event.key)) forms?.[Number(event.key) - 1]?.requestSubmit()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])

  return (
    <ol ref={list} className="border-b">
      {people.map((person, index) => (
        <li key={person.handle} className="border-t">
          <form method="post" action="/api/auth/callback/demo">
            <input type="hidden" name="csrfToken" value={csrfToken} />
            <input type="hidden" name="callbackUrl" value={back} />
            <input type="hidden" name="handle" value={person.handle} />
            <button
              type="submit"
              className="group grid w-full grid-cols-[3.5rem_1fr_auto] items-center gap-3 py-2 text-left hover:bg-raise"
            >
              <b className="text-14 font-semibold group-hover:text-accent">@{person.handle}</b>
              <span className="grid">
                <span>
                  {person.name}, {person.title.toLowerCase()}
                </span>
                <span className="text-12 text-ink-3">{person.does}</span>
              </span>
              <Kbd>{index + 1}</Kbd>
            </button>
          </form>
        </li>
      ))}
    </ol>
  )
}
