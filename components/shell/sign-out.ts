'use client'

import { leave } from '@/lib/client/person'

const LEAVE_MS = 2_000

/**
 * signOut ends the session with a plain form post, so that it works however old this page is; the browser leaves. Drafts
 * go to the server first, for at most 2 s; what it has is forgotten here.
 */
export async function signOut(): Promise<void> {
  await Promise.race([
    import('@/lib/client/draft-sync').then(({ leaveDrafts }) => leaveDrafts()).catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, LEAVE_MS)),
  ])
  leave()
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/api/auth/signout'
  document.body.append(form)
  form.submit()
}
