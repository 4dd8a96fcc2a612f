'use client'

type Request = { readonly settle: (confirmed: boolean) => void }

let request: Request | undefined
const listeners = new Set<() => void>()

function publish(next: Request | undefined): void {
  request = next
  for (const listener of listeners) listener()
}

/** confirmIdentity asks the person to confirm; true once done, false when they declined. */
export function confirmIdentity(): Promise<boolean> {
  request?.settle(false)
  return new Promise((resolve) => {
    publish({
      settle: (confirmed) => {
        publish(undefined)
        resolve(confirmed)
      },
    })
  })
}

/** currentRequest is the confirmation that is being asked for, if any. */
export function currentRequest(): Request | undefined {
  return request
}

/** subscribeRequest calls the listener at each change and returns the way to stop. */
export function subscribeRequest(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
