import type { Console } from '../console'
import { inSql, sqlOf } from '../platform/sql'
import { linksOf } from './links-verify'
import {
  ASKED,
  type Choice,
  CONFIRMED,
  confirmPage,
  ENDED,
  endPage,
  htmlOf,
  NO_SUCH_LINK,
  type PublicPage,
  SEEN_BY_NOBODY,
  signUpPage,
  TOO_MANY,
} from './pages'
import { canConfirm, confirm, type Desk, linkUseOf, takeSignUp, unsubscribe } from './sign-up-collect'
import { readChoices } from './subscriber-store'

const MAX_FORM_BYTES = 16_000

function deskOf(console: Console): Desk {
  const { hot, seal, env, clock } = console
  return {
    within: (work) => inSql(hot, work),
    seal,
    links: linksOf(env.NEXTAUTH_SECRET),
    now: clock.now(),
  }
}

function answer(request: Request, page: PublicPage): Response {
  return new Response(htmlOf(page, request.headers.get('x-nonce') ?? ''), {
    status: page.status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  })
}

async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_FORM_BYTES) return undefined
  const text = await request.text()
  return text.length > MAX_FORM_BYTES ? undefined : new URLSearchParams(text)
}

/** showSignUp answers GET /status/subscribe with the form. */
export async function showSignUp(console: Console, request: Request): Promise<Response> {
  return answer(request, signUpPage(await choicesOf(console)))
}

function choicesOf(console: Console): PromiseLike<readonly Choice[]> {
  return readChoices(sqlOf(console.hot))
}

/** takeSignUpForm answers the posted form: the same for every address that could be one. */
export async function takeSignUpForm(console: Console, request: Request): Promise<Response> {
  const form = await formOf(request)
  const choices = await choicesOf(console)
  const outcome = await takeSignUp(
    deskOf(console),
    {
      address: form?.get('email') ?? '',
      components: form?.getAll('component') ?? [],
      trap: form?.get(SEEN_BY_NOBODY) ?? '',
      network: request.headers.get('x-forwarded-for') ?? '',
    },
    choices.map(({ id }) => id),
  )
  switch (outcome) {
    case 'asked':
      return answer(request, ASKED)
    case 'too-many':
      return answer(request, TOO_MANY)
    case 'not-an-address':
      return answer(request, signUpPage(choices, 'This is not a mail address. Write it as name@example.com.'))
  }
}

/** showConfirm answers GET /status/confirm: a button where the link still works. */
export async function showConfirm(console: Console, request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const use = linkUseOf(searchParams)
  const works = use !== undefined && (await canConfirm(deskOf(console), use))
  return answer(request, works ? confirmPage(searchParams.toString()) : NO_SUCH_LINK)
}

/** takeConfirm answers POST /status/confirm and uses the link up. */
export async function takeConfirm(console: Console, request: Request): Promise<Response> {
  const use = linkUseOf(new URL(request.url).searchParams)
  const works = use !== undefined && (await confirm(deskOf(console), use))
  return answer(request, works ? CONFIRMED : NO_SUCH_LINK)
}

/** showEnd answers GET /status/unsubscribe with a button and ends nothing. */
export function showEnd(request: Request): Response {
  const { searchParams } = new URL(request.url)
  return answer(request, linkUseOf(searchParams) ? endPage(searchParams.toString()) : NO_SUCH_LINK)
}

/** takeEnd answers POST /status/unsubscribe, from the button or from a mail program by itself (RFC 8058), and ends the subscription. */
export async function takeEnd(console: Console, request: Request): Promise<Response> {
  const use = linkUseOf(new URL(request.url).searchParams)
  const works = use !== undefined && (await unsubscribe(deskOf(console), use))
  return answer(request, works ? ENDED : NO_SUCH_LINK)
}
