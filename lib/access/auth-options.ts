import type { AuthOptions, Profile } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import type { Console } from '../console'
import { redact } from '../platform/redact'
import { cookieNames, isHttps } from './cookies'
import { isDemoSignInOpen } from './demo-people'
import { safeReturnPath } from './return-path'
import { SESSION_LIMITS } from './session-rules'
import type { SignInMethod } from './session-store'
import {
  authAtOf,
  type OidcClaims,
  type OidcVerdict,
  openSession,
  type Surroundings,
  signInAsDemo,
  signInWithOidc,
  signInWithPassword,
  type Verdict,
} from './sign-in'

/** SignInCourse collects what one request to next-auth came to; the door words the answer from it. */
export type SignInCourse = { verdict?: Verdict | OidcVerdict; method?: SignInMethod; authAt?: Date }

/** isOidcConfigured tells whether an identity provider is set up completely. */
export function isOidcConfigured(env: Console['env']): boolean {
  return Boolean(env.OIDC_ISSUER && env.OIDC_CLIENT_ID && env.OIDC_CLIENT_SECRET)
}

type Context = { readonly console: Console; readonly around: Surroundings; readonly course: SignInCourse }
type Provider = AuthOptions['providers'][number]

function passwordProvider({ console, around, course }: Context): Provider {
  return CredentialsProvider({
    id: 'password',
    credentials: { login: {}, password: {}, newPassword: {} },
    async authorize(form) {
      course.method = 'password'
      course.verdict = await signInWithPassword(
        console,
        {
          login: form?.login ?? '',
          password: form?.password ?? '',
          newPassword: form?.newPassword || undefined,
        },
        around,
      )
      return course.verdict.kind === 'in' ? { id: course.verdict.personId } : null
    },
  })
}

function demoProvider({ console, course }: Context): Provider {
  return CredentialsProvider({
    id: 'demo',
    credentials: { handle: {} },
    async authorize(form) {
      course.method = 'demo'
      course.verdict = await signInAsDemo(console, form?.handle)
      return course.verdict.kind === 'in' ? { id: course.verdict.personId } : null
    },
  })
}

/** next-auth hands over openid-client's token set, whose claims come from the verified ID token. */
function claimsOf(tokens: object): Profile & OidcClaims {
  const claims = 'claims' in tokens && typeof tokens.claims === 'function' ? tokens.claims() : undefined
  if (typeof claims?.sub !== 'string') throw new Error('The identity provider sent no subject')
  return claims
}

function oidcProvider({ console }: Context): Provider {
  const { env } = console
  return {
    id: 'oidc',
    name: env.OIDC_NAME,
    type: 'oauth',
    wellKnown: `${env.OIDC_ISSUER?.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId: env.OIDC_CLIENT_ID,
    clientSecret: env.OIDC_CLIENT_SECRET,
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    authorization: { params: { scope: 'openid email profile', max_age: SESSION_LIMITS.absoluteMs / 1_000 } },
    httpOptions: { timeout: 8_000 },
    userinfo: {
      async request({ client, tokens }) {
        const claims = claimsOf(tokens)
        if (typeof claims.email === 'string') return claims
        const more = await client.userinfo(tokens as Parameters<typeof client.userinfo>[0])
        return { ...more, ...claims }
      },
    },
    profile: (claims: OidcClaims & { readonly sub: string }) => ({ id: claims.sub }),
  }
}

async function judgeOidc({ console, around, course }: Context, claims: OidcClaims): Promise<string | true> {
  course.method = 'oidc'
  course.authAt = authAtOf(claims, around.now)
  course.verdict = await signInWithOidc(console, claims)
  if (course.verdict.kind === 'in') return true
  return course.verdict.kind === 'disabled' ? '/disabled' : `/refused?why=${course.verdict.kind}`
}

async function tokenOf(context: Context): Promise<JWT> {
  const { verdict, method, authAt } = context.course
  if (verdict?.kind !== 'in' || !method) return {}
  const { console, around } = context
  const sid = await openSession(console, {
    personId: verdict.personId,
    method,
    authAt: authAt ?? around.now,
    around,
  })
  return { sid }
}

function cookiesOf(console: Console): AuthOptions['cookies'] {
  const names = cookieNames(console.env.NEXTAUTH_URL)
  const options = {
    httpOnly: true,
    sameSite: 'lax' as const,
    path: '/',
    secure: isHttps(console.env.NEXTAUTH_URL),
  }
  return { sessionToken: { name: names.session, options }, csrfToken: { name: names.csrf, options } }
}

/** authOptions configures next-auth for one request: the token carries the session id and nothing else. */
export function authOptions(context: Context): AuthOptions {
  const { console } = context
  const { log } = console
  const maxAge = SESSION_LIMITS.absoluteMs / 1_000
  return {
    secret: console.env.NEXTAUTH_SECRET,
    useSecureCookies: isHttps(console.env.NEXTAUTH_URL),
    session: { strategy: 'jwt', maxAge },
    jwt: { maxAge },
    cookies: cookiesOf(console),
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      passwordProvider(context),
      ...(isDemoSignInOpen(console.env) ? [demoProvider(context)] : []),
      ...(isOidcConfigured(console.env) ? [oidcProvider(context)] : []),
    ],
    callbacks: {
      signIn: async ({ account, profile }) =>
        account?.provider === 'oidc' ? judgeOidc(context, (profile ?? {}) as OidcClaims) : true,
      jwt: ({ token, account }) => (account ? tokenOf(context) : { sid: token.sid }),
      redirect: ({ url, baseUrl }) => `${baseUrl}${safeReturnPath(url.replace(baseUrl, '') || '/')}`,
    },
    logger: {
      error: (code, meta) => log.warn({ code, meta: redact(meta) }, 'next-auth refused a request'),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}
