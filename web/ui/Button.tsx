import Link from 'next/link'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'
import { Icon, type IconName } from './Icon'

const shape =
  'inline-flex items-center justify-center gap-2 rounded-lg text-sm font-medium transition-colors disabled:opacity-50 disabled:pointer-events-none'
const looks = {
  plain: 'border border-line bg-surface hover:bg-raised hover:border-line-strong h-9 px-3.5',
  strong: 'bg-ink text-page hover:bg-ink/85 h-9 px-3.5',
  quiet: 'text-muted hover:text-ink hover:bg-raised h-9 px-3',
}

type Look = keyof typeof looks

export function Button({ look = 'plain', className, ...rest }: { look?: Look } & ComponentProps<'button'>) {
  return <button type="button" className={cn(shape, looks[look], className)} {...rest} />
}

export function ButtonLink({ look = 'plain', className, ...rest }: { look?: Look } & ComponentProps<typeof Link>) {
  return <Link className={cn(shape, looks[look], className)} {...rest} />
}

/** The looks of a square button. */
export const iconButton =
  'inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-raised hover:text-ink'

/** A square button with an icon. `pressed` makes it one that stays down. */
export function IconButton({
  icon,
  label,
  pressed,
  className,
  children,
  ...rest
}: { icon: IconName; label: string; pressed?: boolean; children?: ReactNode } & Omit<ComponentProps<'button'>, 'aria-label'>) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      className={cn(iconButton, pressed && 'bg-accent-soft text-accent hover:text-accent', className)}
      {...rest}
    >
      <Icon name={icon} />
      {children}
    </button>
  )
}
