import { useLanguage } from '../../text/language';
import type { Instance } from './fleet';
import { arrows, boxHigh, boxWide, boxes, commands, noteAt, noteHigh, noteWide, type Arrow, type EventType, type Teller } from './flow';
import { asked, rateOver, sumOver, takenIn } from './merge';

interface Rates {
  /** Events of that type, a second. */
  of: (service: Teller, type: EventType) => number;
  /** Requests, a second. */
  asked: (service: Teller, method: string, uri: string) => number;
  /** Events taken in, a second. */
  taken: (service: string) => number;
  words: (perSecond: number) => string;
}

function useRates(instances: readonly Instance[]): Rates {
  const { locale, text } = useLanguage();
  const few = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const many = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  return {
    of: (service, type) => rateOver(instances, 'baedal_events_published_total', { service, type }),
    asked: (service, method, uri) => asked(instances, service, method, uri),
    taken: (service) => takenIn(instances, service),
    words: (perSecond) => `${(perSecond < 10 ? few : many).format(perSecond)}${text.ops.each}`,
  };
}

/** The services as event storming draws them: what is asked in blue, what happened in orange, and how often this second. */
export function FlowPicture({ instances }: { instances: readonly Instance[] }) {
  const { text } = useLanguage();
  const rates = useRates(instances);
  const followers = sumOver(instances, 'baedal_mypage_streams') ?? 0;
  return (
    <figure className="panel flow">
      <figcaption>
        <h2>{text.ops.flow}</h2>
        <p className="hint">{text.ops.flowHint}</p>
      </figcaption>
      <div className="flow-scroll" tabIndex={0} role="group" aria-label={text.ops.flow}>
        <svg viewBox="0 0 1024 440" role="img" aria-label={text.ops.flowHint}>
          <defs>
            <marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6" markerHeight="6" orient="auto-start-reverse">
              <path d="M0 0 10 5 0 10Z" className="tip" />
            </marker>
          </defs>
          {arrows.map((arrow) => (
            <path key={arrow.path} d={arrow.path} className="way" markerEnd="url(#tip)" data-flowing={flows(arrow, rates)} />
          ))}
          {arrows.map((arrow) => (
            <Notes key={arrow.path} arrow={arrow} rates={rates} />
          ))}
          <Commands rates={rates} />
          {boxes.map(({ service, x, y }) => (
            <g key={service} className="box" transform={`translate(${x} ${y})`}>
              <rect width={boxWide} height={boxHigh} rx="14" />
              <text x={boxWide / 2} y={service === 'menu' ? 37 : 29} className="service">
                {service}
              </text>
              {service !== 'menu' && (
                <text x={boxWide / 2} y="48">
                  {text.ops.takenIn(rates.words(rates.taken(service)))}
                </text>
              )}
            </g>
          ))}
          <path d="M655 394V416" className="way" markerEnd="url(#tip)" data-flowing={followers > 0} />
          <text x="655" y="433" className="middle">
            {text.ops.followed(followers)}
          </text>
        </svg>
      </div>
    </figure>
  );
}

const flows = ({ from, events }: Arrow, { of }: Rates) => events.some((type) => of(from, type) > 0);

function Notes({ arrow: { from, events, notes }, rates }: { arrow: Arrow; rates: Rates }) {
  if (!notes) return null;
  return events.map((type, index) => {
    const [x, y] = noteAt(notes, index);
    return <Note key={type} kind="event" says={type} perSecond={rates.of(from, type)} words={rates.words} x={x} y={y} />;
  });
}

function Commands({ rates }: { rates: Rates }) {
  return commands.map(({ into, method, uri }) => {
    const box = boxes.find(({ service }) => service === into);
    if (!box) return null;
    const perSecond = rates.asked(into, method, uri);
    const middle = box.x + boxWide / 2;
    const wide = 186;
    return (
      <g key={into}>
        <path d={`M${middle} 36V71`} className="way" markerEnd="url(#tip)" data-flowing={perSecond > 0} />
        <Note kind="command" says={`${method} ${uri}`} perSecond={perSecond} words={rates.words} x={Math.min(Math.max(2, middle - wide / 2), 1022 - wide)} y={12} wide={wide} />
      </g>
    );
  });
}

interface NoteProps {
  kind: 'event' | 'command';
  says: string;
  perSecond: number;
  words: (perSecond: number) => string;
  x: number;
  y: number;
  wide?: number;
}

function Note({ kind, says, perSecond, words, x, y, wide = noteWide }: NoteProps) {
  return (
    <g className="note-paper" data-kind={kind} data-flowing={perSecond > 0} data-event={kind === 'event' ? says : undefined} transform={`translate(${x} ${y})`}>
      <rect width={wide} height={noteHigh} rx="4" />
      <text x="7" y="13.5">
        {says}
      </text>
      <text x={wide - 6} y="13.5" className="rate">
        {perSecond > 0 ? words(perSecond) : ''}
      </text>
    </g>
  );
}
