import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { SignInPage } from '@/components/access/sign-in-page'
import { isOidcConfigured } from '@/lib/access/auth-options'
import { cookieNames } from '@/lib/access/cookies'
import { csrfTokenOf } from '@/lib/access/csrf'
import { DEMO_PEOPLE, isDemoSignInOpen } from '@/lib/access/demo-people'
import { flashFrom } from '@/lib/access/flash'
import { readOwnHealth } from '@/lib/access/own-health'
import { safeReturnPath } from '@/lib/access/return-path'
import { currentVisitor } from '@/lib/access/session'
import { getConsole } from '@/lib/console'

export const metadata: Metadata = { title: 'Sign in' }

type Search = Promise<{ readonly return?: string | string[]; readonly problem?: string | string[] }>

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

async function isSignedIn(): Promise<boolean> {
  return currentVisitor().then(
    (visitor) => visitor.kind === 'person',
    () => false,
  )
}

export default async function Page({ searchParams }: { readonly searchParams: Search }): Promise<ReactNode> {
  const search = await searchParams
  const back = safeReturnPath(one(search.return))
  if (await isSignedIn()) redirect(back)
  const console = getConsole()
  const { env } = console
  const names = cookieNames(env.NEXTAUTH_URL)
  const jar = await cookies()
  const kind = one(search.problem)
  const flash = kind === undefined ? undefined : flashFrom(jar.get(names.login)?.value)
  return (
    <SignInPage
      csrfToken={csrfTokenOf(jar.get(names.csrf)?.value)}
      back={back}
      login={flash?.login ?? ''}
      problem={kind === undefined ? undefined : { kind, ...flash }}
      providerName={isOidcConfigured(env) ? env.OIDC_NAME : undefined}
      demoPeople={isDemoSignInOpen(env) ? DEMO_PEOPLE : []}
      health={await readOwnHealth(console)}
    />
  )
}
