import { Component, type ReactNode } from 'react';
import { useText } from '../text/language';
import { Empty } from './Empty';

function Broken() {
  const text = useText();
  return (
    <section className="page" role="alert">
      <Empty title={text.error.broken}>
        <button type="button" className="button main" onClick={() => location.reload()}>
          {text.error.reload}
        </button>
      </Empty>
    </section>
  );
}

/** Keeps a fault in one page from taking everything away. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}
