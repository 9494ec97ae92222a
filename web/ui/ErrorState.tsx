import { Button } from './Button'
import { Icon } from './Icon'

/** Says what went wrong in the words of the server, and offers to try again. */
export function ErrorState({ message, onRetry }: { message: string; onRetry?: () => void }) {
  return (
    <div role="alert" className="relative flex flex-col items-center gap-3 px-4 py-10 text-center">
      <span className="flex size-11 items-center justify-center rounded-full border border-down/30 bg-down/10 text-down">
        <Icon name="zap" size={18} />
      </span>
      <p className="max-w-md text-sm text-pretty text-muted">{message}</p>
      {onRetry !== undefined && (
        <Button onClick={onRetry}>
          <Icon name="retry" /> Try again
        </Button>
      )}
    </div>
  )
}
