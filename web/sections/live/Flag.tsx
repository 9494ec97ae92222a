import { type Code, flagOf } from '@/data/countries'

/** The name stands beside it. */
export function Flag({ code }: { code: Code }) {
  return (
    <span aria-hidden className="inline-block w-5 shrink-0 text-center text-base leading-none">
      {flagOf(code)}
    </span>
  )
}
