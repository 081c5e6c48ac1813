import type { Stage } from '../order/steps';
import { useText } from '../text/language';
import { Icon, type IconName } from './Icon';

const icons: Record<Stage, IconName> = { waiting: 'clock', paid: 'wallet', onTheWay: 'courier', delivered: 'check', cancelled: 'cross' };

/** A state as word, colour and sign together: no one of them alone has to be seen. */
export function StagePill({ stage }: { stage: Stage }) {
  const text = useText();
  return (
    <span className="pill" data-stage={stage}>
      <Icon name={icons[stage]} />
      {text.stage[stage]}
    </span>
  );
}
