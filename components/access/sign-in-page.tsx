import clsx from 'clsx'
import type { ReactNode } from 'react'
import { BrandMark } from '@/components/ui/brand-mark'
import { buttonLook } from '@/components/ui/button-look'
import { ConsoleHealth, type ConsoleHealthReading } from './console-health'
import { type DemoEntry, DemoList } from './demo-list'
import { SignInForm } from './sign-in-form'
import type { SignInProblem } from './sign-in-text'
import { ThemeButton } from './theme-button'

/** SignInPage: the way in on the left, demo people on the right, the console's own health below. */
export function SignInPage({
  csrfToken,
  back,
  login,
  problem,
  providerName,
  demoPeople,
  health,
}: {
  readonly csrfToken: string
  readonly back: string
  readonly login: string
  readonly problem: SignInProblem | undefined
  readonly providerName: string | undefined
  readonly demoPeople: readonly DemoEntry[]
  readonly health: ConsoleHealthReading
}): ReactNode {
  const hasDemo = demoPeople.length > 0
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto]">
      <header className="flex justify-end px-8 py-6">
        <ThemeButton />
      </header>
      <main
        className={clsx(
          'grid content-center justify-center gap-12 px-6 pb-18 lg:gap-0',
          hasDemo && 'lg:grid-cols-[26.5rem_31.5rem]',
        )}
      >
        <section className={clsx('w-full max-w-96', hasDemo ? 'lg:pr-16' : 'sm:w-90')}>
          <p className="mb-14 flex items-center gap-3.5 text-20 font-semibold">
            <BrandMark className="size-7" />
            Watchfloor
          </p>
          <h1 className="text-26">Sign in to the floor</h1>
          <p className="mt-1.5 mb-6 text-14 text-pretty text-ink-2">
            Your role decides what you may do; everything you do is on record.
          </p>
          {providerName === undefined ? null : (
            <ProviderForm name={providerName} csrfToken={csrfToken} back={back} />
          )}
          <SignInForm csrfToken={csrfToken} back={back} login={login} before={problem} />
          <p className="mt-4 text-12 text-ink-3">
            No account, or no way in? An administrator adds people and gives one-time passwords.
          </p>
        </section>
        {hasDemo ? (
          <section aria-labelledby="demo-title" className="self-end lg:border-l lg:pl-16">
            <header className="flex items-baseline justify-between gap-4 pb-2">
              <h2 id="demo-title" className="text-14">
                Or be someone in the demo
              </h2>
              <span className="text-12 text-ink-3">simulated fleet, no real GPUs</span>
            </header>
            <DemoList people={demoPeople} csrfToken={csrfToken} back={back} />
          </section>
        ) : null}
      </main>
      <ConsoleHealth reading={health} />
    </div>
  )
}

function ProviderForm({
  name,
  csrfToken,
  back,
}: {
  readonly name: string
  readonly csrfToken: string
  readonly back: string
}): ReactNode {
  return (
    <form method="post" action="/api/auth/signin/oidc" className="mb-5 border-b pb-5">
      <input type="hidden" name="csrfToken" value={csrfToken} />
      <input type="hidden" name="callbackUrl" value={back} />
      <button type="submit" className={buttonLook({ className: 'h-10 w-full text-14' })}>
        Continue with {name}
      </button>
    </form>
  )
}
