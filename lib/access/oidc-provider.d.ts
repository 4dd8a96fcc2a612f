declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  type Account = {
    readonly accountId: string
    readonly claims: () => Readonly<Record<string, unknown>>
  }

  /** The part of the package's default export that the single sign-on test uses. */
  export default class Provider {
    constructor(
      issuer: string,
      configuration: Readonly<Record<string, unknown>> & {
        readonly findAccount: (context: unknown, id: string) => Account
      },
    )
    callback(): RequestListener
  }
}
