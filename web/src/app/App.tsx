import { Suspense, lazy, useEffect } from 'react';
import { Announcer } from '../parts/Announcer';
import { ErrorBoundary } from '../parts/ErrorBoundary';
import { Loading } from '../parts/Loading';
import { NotFound } from '../parts/NotFound';
import { MenuScreen } from '../screens/menu/MenuScreen';
import { Gate } from '../session/Gate';
import { LoginDialog } from '../session/LoginDialog';
import { LoginScreen } from '../session/LoginScreen';
import { watchSession } from '../session/here';
import { useSession } from '../session/useSession';
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
  if (order !== undefined) {
    return (
      <Gate doing="readOrders">
        <TrackingScreen key={order} order={order} />
      </Gate>
    );
  }
  switch (path.replace(/(.)\/$/, '$1')) {
    case '/':
      return <MenuScreen />;
    case '/me':
      return (
        <Gate doing="readLines">
          <MeScreen />
        </Gate>
      );
    case '/courier':
      return (
        <Gate doing="deliver">
          <CourierScreen />
        </Gate>
      );
    case '/shop':
      return (
        <Gate doing="keepShop">
          <ShopScreen />
        </Gate>
      );
    case '/ops':
      return (
        <Gate doing="operate">
          <OpsScreen />
        </Gate>
      );
    case '/explorer':
      return <ExplorerScreen />;
    case '/login':
      return <LoginScreen />;
    default:
      return <NotFound />;
  }
}

/** The page for who is there now; nothing of one person is left for the next. */
function Content() {
  const { epoch } = useSession();
  return (
    <ErrorBoundary key={epoch}>
      <Suspense fallback={<Loading />}>
        <Screen />
      </Suspense>
    </ErrorBoundary>
  );
}

export function App() {
  useEffect(watchSession, []);
  return (
    <LanguageProvider>
      <Router>
        <LiveProvider>
          <Announcer>
            <Shell>
              <Content />
            </Shell>
            <LoginDialog />
          </Announcer>
        </LiveProvider>
      </Router>
    </LanguageProvider>
  );
}
