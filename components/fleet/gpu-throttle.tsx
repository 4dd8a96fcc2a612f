import type { ReactNode } from 'react'
import { xidMeans } from '@/lib/health/rules/xid-catalogue'
import { xidName } from '@/lib/health/rules/xid-names'

/** GpuThrottle tells the driver's last error code and why the card holds back, in plain words. */
export function GpuThrottle({
  xid,
  throttle,
}: {
  readonly xid: number
  readonly throttle: readonly string[] | undefined
}): ReactNode {
  return (
    <section aria-label="Driver errors and throttling">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">Driver errors and throttling</h3>
      <p>
        {xid < 0 ? (
          <span className="text-unknown">
            XID can not be observed in this rental. That is not the same as none.
          </span>
        ) : xid === 0 ? (
          'No XID since the driver started.'
        ) : (
          <>
            <b className="font-medium">
              XID {xid}, {xidName(xid)}.
            </b>{' '}
            {xidMeans(xid)}
          </>
        )}
      </p>
      {throttle === undefined ? (
        <p className="text-unknown">No source tells why the clocks are held back.</p>
      ) : throttle.length === 0 ? (
        <p>Nothing holds the clocks back.</p>
      ) : (
        <ul>
          {throttle.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
