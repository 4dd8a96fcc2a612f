'use client'

import {
  type ComponentType,
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useState,
  useSyncExternalStore,
} from 'react'

const Retry = createContext<() => void>(() => undefined)

/**
 * later gives a component whose code is loaded when it is first shown; `waiting` stands in its place until then. When the
 * code can't be had, as without network, a note says so and offers to try again: nothing else of the page is lost.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): ComponentType<Props> {
  const part = (): ComponentType<Props> =>
    lazy(async () => ({ default: await load().catch((): ComponentType<Props> => NotHere) }))
  let current = part()
  return function Later(props: Props) {
    const [Part, setPart] = useState(() => current)
    const retry = (): void => {
      current = part()
      setPart(() => current)
    }
    return (
      <Retry value={retry}>
        <Suspense fallback={waiting}>
          <Part {...props} />
        </Suspense>
      </Retry>
    )
  }
}

const never = () => () => undefined

/** laterInBrowser is `later` for what the server must not draw, because it shows ages or meets keys: `waiting` stands there until then. */
export function laterInBrowser<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): ComponentType<Props> {
  const Part = later(load, waiting)
  return function LaterInBrowser(props: Props) {
    const isBrowser = useSyncExternalStore(
      never,
      () => true,
      () => false,
    )
    return isBrowser ? <Part {...props} /> : waiting
  }
}

function NotHere({ onClose }: { readonly onClose?: () => void }): ReactNode {
  const retry = useContext(Retry)
  return (
    <div
      role="alert"
      className="fixed inset-x-4 bottom-4 z-50 mx-auto flex max-w-md flex-wrap items-center gap-3 rounded-3 border border-line-2 bg-over p-4"
    >
      <p className="basis-full">This part is not on this device yet, and Watchfloor does not answer.</p>
      <button type="button" className="link" onClick={retry}>
        Try again
      </button>
      {onClose === undefined ? null : (
        <button type="button" className="link" onClick={onClose}>
          Close
        </button>
      )}
    </div>
  )
}
