import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { NoAccessPage } from '@/components/access/no-access-page'

export const metadata: Metadata = { title: 'Not let in' }

type Search = Promise<{ readonly why?: string | string[] }>

export default async function Page({ searchParams }: { readonly searchParams: Search }): Promise<ReactNode> {
  if ((await searchParams).why === 'unconfirmed') {
    return (
      <NoAccessPage title="Your e-mail address is not confirmed">
        <p>
          Your identity provider knows you, but has not confirmed your e-mail address. Watchfloor matches
          people by a confirmed address only.
        </p>
        <p>Confirm the address with the provider and sign in again.</p>
      </NoAccessPage>
    )
  }
  return (
    <NoAccessPage title="Watchfloor does not know you yet">
      <p>
        Your identity provider let you in, but no administrator has added your e-mail address to this console.
        Accounts are never made by signing in.
      </p>
      <p>Ask an administrator to add you under Settings, People; then sign in again.</p>
    </NoAccessPage>
  )
}
