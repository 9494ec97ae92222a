import { cn } from '@/ui/cn'

export interface Step {
  readonly name: string
  readonly value: string
  /** Share of the first step, 0 to 1. */
  readonly share: number
  readonly ofFirst: string
  /** Of those of the step before; absent for the first. */
  readonly ofPrevious?: string
}

/** How many go from step to step. */
export function FunnelSteps({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <ol aria-label={label} className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {steps.map((step, i) => (
        <li key={step.name} className="flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-page/50">
          <div className="p-3 pb-2">
            <p className="text-xs text-muted">{step.name}</p>
            <p className="mt-0.5 flex flex-wrap items-baseline gap-x-2 tabular">
              <span className="text-xl font-semibold tracking-tight">{step.value}</span>
              <span className="text-sm text-muted">{step.ofFirst}</span>
            </p>
            <p className="min-h-4 text-xs text-faint tabular">{step.ofPrevious !== undefined && `${step.ofPrevious} of previous step`}</p>
          </div>
          <div aria-hidden className="flex h-20 items-end">
            <span
              className={cn(
                'w-full border-t-2 transition-[height] duration-500',
                i === steps.length - 1 ? 'border-order bg-warn-soft' : 'border-accent bg-accent-soft',
              )}
              style={{ height: `${Math.max(3, step.share * 100)}%` }}
            />
          </div>
        </li>
      ))}
    </ol>
  )
}
