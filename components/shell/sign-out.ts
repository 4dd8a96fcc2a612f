'use client'

/** signOut ends the session with a plain form post, so that it works however old this page is; the browser leaves. */
export function signOut(): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/api/auth/signout'
  document.body.append(form)
  form.submit()
}
