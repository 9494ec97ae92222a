import { cn } from '@/ui/cn'

export interface Step {
  readonly name: string
  readonly value: string
  /** Share of the first step, 0 to 1. */
  readonly share: number
  /** Of those of the step before; absent for the first. */
  readonly ofPrevious?: string
  readonly ofFirst: string
}

/** How many go from step to step. */
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <ol aria-label={label} className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {steps.map((step, i) => (
        <li key={step.name} className="relative flex h-44 flex-col overflow-hidden rounded-xl border border-line bg-page/50 p-3">
          <span aria-hidden className={cn('absolute inset-x-0 bottom-0 border-t-2 transition-[height] duration-500', i === steps.length - 1 ? 'border-order bg-warn-soft' : 'border-accent bg-accent-soft')} style={{ height: `${Math.max(1, step.share * 62)}%` }} />
          <span className="relative text-xs text-muted">{step.name}</span>
          <span className="relative text-xl font-semibold tracking-tight tabular">{step.value}</span>
          <span className="relative mt-auto flex flex-wrap justify-between gap-x-2 text-xs tabular">
            <span>{step.ofFirst}</span>
            {step.ofPrevious !== undefined && <span className="text-muted">{step.ofPrevious} of the step before</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
