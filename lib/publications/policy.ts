import { z } from 'zod'

/** APPROVALS from the freest: nobody ever, for what somebody typed, for all but the first templated post, always. */
export const APPROVALS = ['never', 'free-text', 'after-first', 'always'] as const

const approval = z.enum(APPROVALS)

const bySeverity = z.strictObject({ P1: approval, P2: approval, P3: approval, P4: approval })

/** commsPolicySchema validates who approves what is said, how long it can be taken back, and when a fact is another one. */
export const commsPolicySchema = z.strictObject({
  approvals: z.strictObject({ internal: bySeverity, public: bySeverity, executive: bySeverity }).default({
    internal: { P1: 'never', P2: 'never', P3: 'never', P4: 'never' },
    public: { P1: 'after-first', P2: 'free-text', P3: 'free-text', P4: 'free-text' },
    executive: { P1: 'free-text', P2: 'free-text', P3: 'never', P4: 'never' },
  }),
  /** holdSeconds is how long a message can be taken back before it leaves. */
  holdSeconds: z.number().int().min(0).max(120).default(10),
  /** linkHosts are the hosts that a text for customers may link to, with all below them. */
  linkHosts: z
    .array(
      z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'a host in small letters, e.g. docs.example.com'),
    )
    .max(50)
    .default([]),
  /** changePercent is how far a fact may move between draft and publishing. */
  changePercent: z.number().min(0).max(100).default(10),
  /** agreedChangePercent is how far it may move until a second person agrees: in an outage figures never stand still. */
  agreedChangePercent: z.number().min(0).max(1_000).default(50),
})

/** CommsPolicy is the parsed policy of what is published. */
export type CommsPolicy = z.infer<typeof commsPolicySchema>

/** DEFAULT_COMMS_POLICY is what counts when no policy file says otherwise; equal to the shipped file. */
export const DEFAULT_COMMS_POLICY: CommsPolicy = commsPolicySchema.parse({})
