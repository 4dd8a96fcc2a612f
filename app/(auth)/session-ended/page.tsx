import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SessionEndedPage } from '@/components/access/session-ended-page'
import { safeReturnPath } from '@/lib/access/return-path'

export const metadata: Metadata = { title: 'Session ended' }

type Search = Promise<{ readonly why?: string | string[]; readonly return?: string | string[] }>

export default async function Page({ searchParams }: { readonly searchParams: Search }): Promise<ReactNode> {
  const search = await searchParams
  const back = safeReturnPath(typeof search.return === 'string' ? search.return : undefined)
  return <SessionEndedPage why={typeof search.why === 'string' ? search.why : ''} back={back} />
}
