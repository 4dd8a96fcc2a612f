'use client'

import { useRouter } from 'next/navigation'
import type { ComponentProps, MouseEvent, ReactNode } from 'react'

/**
 * Link goes to another page of the console without loading the frame anew. It fetches nothing ahead: every page is read fresh
 * when somebody goes there, and a page full of links must not ask the server for all of them.
 */
export function Link({ href, onClick, ...rest }: ComponentProps<'a'> & { readonly href: string }): ReactNode {
  const router = useRouter()
  function go(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event)
    if (event.defaultPrevented || !isPlain(event) || !isOfThisPage(event.currentTarget)) return
    event.preventDefault()
    router.push(href)
  }
  return <a {...rest} href={href} onClick={go} />
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}

// What opens elsewhere, is a file to keep, or lies outside is the browser's own.
function isOfThisPage({ target, origin, download }: HTMLAnchorElement): boolean {
  return (target === '' || target === '_self') && download === '' && origin === location.origin
}
