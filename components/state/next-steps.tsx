import type { ReactNode } from 'react'

/** NextSteps is what to do, in order, in the accent of things that are owed. */
export function NextSteps({ steps }: { readonly steps: readonly string[] }): ReactNode {
  if (steps.length === 0) return null
  return (
    <section className="border-l-2 border-accent pl-4" aria-label="What to do">
      <h3 className="text-12 font-medium text-accent">What to do, in this order</h3>
      <ol className="mt-1 grid list-decimal gap-1 pl-4 text-pretty">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  )
}
