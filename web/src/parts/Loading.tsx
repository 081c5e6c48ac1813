import { useText } from '../text/language';

export function Loading() {
  const text = useText();
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden="true" />
      <span className="unseen">{text.loading}</span>
    </div>
  );
}

/** Grey shapes where cards will be: the page does not jump when they come. */
export function Placeholders({ count, className }: { count: number; className: string }) {
  const text = useText();
  return (
    <>
      <span className="unseen" role="status">
        {text.loading}
      </span>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={`placeholder ${className}`} aria-hidden="true" />
      ))}
    </>
  );
}
