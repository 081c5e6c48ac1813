import { Empty } from '../../parts/Empty';
import { Icon } from '../../parts/Icon';
import { Placeholders } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useText } from '../../text/language';
import { JobCard } from './JobCard';
import { NoticeCard } from './NoticeCard';
import { useCourier } from './useCourier';

export function CourierScreen() {
  const text = useText();
  const { jobs, waiting, notices, error, complete, take, isTaken, close, done } = useCourier();
  const open = jobs?.filter(({ delivery }) => !waiting.some(({ deliveryId }) => deliveryId === delivery.deliveryId)) ?? [];
  const unsent = waiting.map((pressed) => ({
    pressed,
    job: jobs?.find(({ delivery }) => delivery.deliveryId === pressed.deliveryId),
  }));
  return (
    <section className="page narrow" data-testid="screen-courier">
      <header className="page-head">
        <div>
          <h1>{text.courier.title}</h1>
          <p className="lead" data-testid="job-count" aria-live="polite">
            {jobs && text.courier.count(open.length)}
            {done > 0 && ` · ${text.courier.today(done)}`}
          </p>
        </div>
      </header>
      {error !== undefined && waiting.length > 0 && (
        <p className="note warn" role="status" data-testid="offline">
          <Icon name="clock" />
          <span>
            <strong>{text.courier.waiting(waiting.length)}</strong> {text.courier.waitingHint}
          </span>
        </p>
      )}
      {error !== undefined && waiting.length === 0 && <ProblemNote error={error} />}
      {notices.map((notice) => (
        <NoticeCard key={`${notice.kind}${notice.orderId}`} notice={notice} close={() => close(notice)} />
      ))}
      <ul className="jobs">
        {unsent.map(({ pressed, job }) => (
          <JobCard key={pressed.key} orderId={pressed.orderId} line={job?.line} pressedAt={pressed.pressedAt} />
        ))}
        {open.map(({ delivery, line }) => (
          <JobCard key={delivery.deliveryId} orderId={delivery.orderId} line={line} since={delivery.createdAt} complete={() => complete(delivery)}
            take={isTaken(delivery) ? undefined : () => take(delivery)} />
        ))}
      </ul>
      {!jobs && error === undefined && (
        <div className="jobs">
          <Placeholders count={3} className="job" />
        </div>
      )}
      {jobs && open.length === 0 && waiting.length === 0 && <Empty title={text.courier.empty} hint={text.courier.emptyHint} />}
    </section>
  );
}
