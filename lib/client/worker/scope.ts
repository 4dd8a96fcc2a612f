/** ExtendableEvent is an event that keeps the worker alive until its work is done. */
export type ExtendableEvent = Event & { readonly waitUntil: (work: Promise<unknown>) => void }

/** WorkerFetchEvent is a request of a page of ours. */
export type WorkerFetchEvent = ExtendableEvent & {
  readonly request: Request
  readonly respondWith: (answer: Promise<Response>) => void
}

/** WorkerMessageEvent is a word from one of our pages. */
export type WorkerMessageEvent = ExtendableEvent & {
  readonly data: unknown
  readonly source: { readonly postMessage: (message: unknown) => void } | null
}

/** WorkerScope is the global object of a service worker. */
export type WorkerScope = {
  readonly location: Location
  readonly skipWaiting: () => Promise<void>
  readonly clients: { readonly claim: () => Promise<void> }
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: WorkerFetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: WorkerMessageEvent) => void): void
}
