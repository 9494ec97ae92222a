import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon'

/** Says that there is nothing yet, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  heading: Heading = 'h3',
}: {
  icon: IconName
  title: string
  children?: ReactNode
  action?: ReactNode
  heading?: 'h1' | 'h2' | 'h3'
}) {
  return (
    <div className="relative flex w-full flex-col items-center gap-3 px-4 py-10 text-center">
      <span className="flex size-11 items-center justify-center rounded-full border border-line bg-raised text-muted">
        <Icon name={icon} size={18} />
      </span>
      <Heading className="text-base font-medium tracking-tight">{title}</Heading>
      {children !== undefined && <div className="max-w-md text-sm text-pretty text-muted">{children}</div>}
      {action}
    </div>
  )
}
