import { Suspense, lazy } from 'react';
import { Announcer } from '../parts/Announcer';
import { ErrorBoundary } from '../parts/ErrorBoundary';
import { Loading } from '../parts/Loading';
import { NotFound } from '../parts/NotFound';
import { MenuScreen } from '../screens/menu/MenuScreen';
import { LanguageProvider } from '../text/language';
import { LiveProvider } from './live';
import { Router, orderInPath, usePlace } from './router';
import { Shell } from './Shell';

// The menu is what most people come for; each of the others is fetched when it is opened.
const MeScreen = lazy(() => import('../screens/me/MeScreen').then((m) => ({ default: m.MeScreen })));
const TrackingScreen = lazy(() => import('../screens/tracking/TrackingScreen').then((m) => ({ default: m.TrackingScreen })));
const CourierScreen = lazy(() => import('../screens/courier/CourierScreen').then((m) => ({ default: m.CourierScreen })));
const ShopScreen = lazy(() => import('../screens/shop/ShopScreen').then((m) => ({ default: m.ShopScreen })));
const OpsScreen = lazy(() => import('../screens/ops/OpsScreen').then((m) => ({ default: m.OpsScreen })));
const ExplorerScreen = lazy(() => import('../screens/explorer/ExplorerScreen').then((m) => ({ default: m.ExplorerScreen })));

function Screen() {
  const { path } = usePlace();
  const order = orderInPath(path);
  if (order !== undefined) return <TrackingScreen key={order} order={order} />;
  switch (path.replace(/(.)\/$/, '$1')) {
    case '/':
      return <MenuScreen />;
    case '/me':
      return <MeScreen />;
    case '/courier':
      return <CourierScreen />;
    case '/shop':
      return <ShopScreen />;
    case '/ops':
      return <OpsScreen />;
    case '/explorer':
      return <ExplorerScreen />;
    default:
      return <NotFound />;
  }
}

export function App() {
  return (
    <LanguageProvider>
      <Router>
        <LiveProvider>
          <Announcer>
            <Shell>
              <ErrorBoundary>
                <Suspense fallback={<Loading />}>
                  <Screen />
                </Suspense>
              </ErrorBoundary>
            </Shell>
          </Announcer>
        </LiveProvider>
      </Router>
    </LanguageProvider>
  );
}
