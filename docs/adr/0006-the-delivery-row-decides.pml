/* One order with its delivery and its payment, small enough to look at every possible run of it:
 * who decides cancel against complete, and where the money is in the end (ADR 0006 and 0007).
 * script/model checks it with spin.
 *
 * What the code does in one transaction is one atomic step here. Between two steps anything else
 * may happen. A consumer may take an event any number of times before it goes on to the next; the
 * answer of a cancel may get lost; the provider may be asked, do it, and its answer get lost; what
 * was sent to it may arrive at any later time. A process that dies between two steps is one that
 * takes the event again, or that asks again.
 */

/* Mistakes that the check must find; script/model plants each. */
#ifdef PLANT_CANCELS_WITHOUT_ITS_DELIVERY
#define ANSWER cancelled
#else
#define ANSWER delivery
#endif
#ifdef PLANT_FORGETS_THE_TOMBSTONE
#define MAY_CANCEL (delivery == started)
#undef ANSWER
#define ANSWER (delivery == nothing -> cancelled : delivery)
#else
#define MAY_CANCEL (delivery == nothing || delivery == started)
#endif
#ifdef PLANT_NO_ANSWER_IS_NO
#define NO_ANSWER decline()
#else
#define NO_ANSWER skip
#endif

#define EVENTS 6
#define CANCELS 2
#define COURIERS 1

mtype = { nothing, ordered, cancel, started, complete, cancelled,
          requested, paid, declined, refunding, refunded, unknown, yes, no };

/* The rows. */
mtype order = nothing, order_delivery = nothing, order_payment = nothing;
mtype delivery = nothing;
mtype first_end = nothing;  /* of the delivery; not a row: for the check alone */
mtype payment = nothing;
bool captured = false;

/* The provider: what it was sent, what it said per key, and what it did. */
bool sent_authorise = false, sent_capture = false, sent_void = false, sent_refund = false;
mtype said_authorise = unknown, said_capture = unknown, said_void = unknown, said_refund = unknown;
bool has_money = false, gave_back = false, voided = false, can_pay = true;

/* From service to service, in order. An event is the state it tells of. */
chan order_to_payment = [EVENTS] of { mtype };
chan payment_to_order = [EVENTS] of { mtype };
chan payment_to_delivery = [EVENTS] of { mtype };
chan delivery_to_order = [EVENTS] of { mtype };

/* What the people were told. */
bool told_cancelled = false, told_delivered = false, told_refused = false;

#define ENDED(d) (d == complete || d == cancelled)

/* src/services/order/domain/order.cpp, follow_delivery() */
inline follow_delivery(news) {
  if
  :: order_delivery == nothing || (order_delivery == started && news != started) ->
     order_delivery = news;
     if
     :: news == cancelled -> order = cancel; order_to_payment!cancel
     :: else -> skip
     fi
  :: else -> skip
  fi
}

/* src/services/delivery/domain/delivery.cpp */
inline cancel_of_order() {
  if
  :: MAY_CANCEL ->
     delivery = cancelled; first_end = cancelled; delivery_to_order!cancelled
  :: else -> skip
  fi
}

/* src/services/order/app/cancel_order.cpp */
proctype Cancel() {
  mtype decision = unknown;
  atomic { order != nothing -> skip }
  if
  :: atomic { order == cancel -> told_cancelled = true; goto done }
  :: atomic { order_delivery == complete -> told_refused = true; goto done }
  :: atomic { order != cancel && order_delivery != complete -> skip }
  fi;
  if
  :: skip  /* delivery cannot be reached */
  :: atomic {
       skip;  /* or the `else` inside would stand beside the one above */
       cancel_of_order();
       if
       :: decision = ANSWER
       :: skip  /* the answer is lost */
       fi
     }
  fi;
  if
  :: decision == cancelled -> atomic { follow_delivery(cancelled); told_cancelled = true }
  :: decision == complete -> told_refused = true
  :: decision == unknown -> skip  /* 503 */
  fi;
done: skip
}

/* src/services/delivery/app/change_delivery.cpp */
proctype Courier() {
  atomic {
    delivery == started || ENDED(delivery) ->
    if
    :: delivery == started ->
       delivery = complete; first_end = complete;
       delivery_to_order!complete; told_delivered = true
    :: delivery == complete -> told_delivered = true
    :: delivery == cancelled -> skip  /* 409 */
    fi
  }
}

active proctype Order() {
  mtype news;
  atomic { order = ordered; order_to_payment!ordered }
end:
  do
  :: atomic { delivery_to_order?<news> -> follow_delivery(news) }  /* and again */
  :: atomic { delivery_to_order?news -> follow_delivery(news) }
  :: atomic {
       payment_to_order?news ->
       if
       :: order_payment == nothing || (order_payment == paid && news == refunded) ->
          order_payment = news
       :: else -> skip
       fi
     }
  od
}

active proctype Delivery() {
  mtype news;
end:
  do
  :: atomic {
       if
       :: payment_to_delivery?<news>  /* and again */
       :: payment_to_delivery?news
       fi;
       if
       :: news == paid && delivery == nothing -> delivery = started; delivery_to_order!started
       :: news == declined -> cancel_of_order()
       :: else -> skip
       fi
     }
  od
}

/* src/services/payment/app/follow_orders.cpp */
active proctype PaymentNews() {
  mtype news;
end:
  do
  :: atomic {
       if
       :: order_to_payment?<news>  /* and again */
       :: order_to_payment?news
       fi;
       if
       :: news == ordered && payment == nothing -> payment = requested
       :: news == cancel && payment == nothing -> payment = refunded; payment_to_order!refunded
       :: news == cancel && (payment == requested || payment == paid) -> payment = refunding
       :: else -> skip
       fi
     }
  od
}

/* src/services/payment/domain/settling.cpp, settle(): the payment as it is by now. */
inline decline() {
  payment = declined; payment_to_order!declined; payment_to_delivery!declined
}
inline settle_capture() {
  if
  :: payment == requested ->
     captured = true; payment = paid; payment_to_order!paid; payment_to_delivery!paid
  :: payment == refunding && !captured -> captured = true
  :: else -> skip
  fi
}

/* src/services/payment/app/settle_payment.cpp: ask what the state wants, commit what it means.
 * `authorised` is lost with the process, and asked again. */
active proctype Settle() {
  bool authorised = false;
end:
  do
  :: authorised -> authorised = false  /* it dies, and starts again */
  :: payment == requested || payment == refunding ->
     if
     :: atomic { !captured && !authorised -> sent_authorise = true };
        if
        :: atomic { said_authorise == yes -> authorised = true }
        :: atomic {
             said_authorise == no ->
             if
             :: payment == requested || (payment == refunding && !captured) -> decline()
             :: else -> skip
             fi
           }
        :: skip  /* no answer in time */
        fi
     :: atomic { payment == requested && authorised -> sent_capture = true };
        if
        :: atomic { said_capture == yes -> settle_capture() }
        :: atomic {
             said_capture == no ->
             if
             :: payment == requested -> decline()
             :: else -> skip
             fi
           }
        :: NO_ANSWER
        fi
     :: atomic { payment == refunding && !captured && authorised -> sent_void = true };
        if
        :: atomic {
             said_void == yes ->
             if
             :: payment == refunding && !captured -> payment = refunded; payment_to_order!refunded
             :: else -> skip
             fi
           }
        :: atomic {
             said_void == no ->
             if
             :: payment == refunding && !captured -> captured = true
             :: else -> skip
             fi
           }
        :: skip
        fi
     :: atomic { payment == refunding && captured -> sent_refund = true };
        if
        :: atomic {
             said_refund == yes ->
             if
             :: payment == refunding && captured -> payment = refunded; payment_to_order!refunded
             :: else -> skip
             fi
           }
        :: skip
        fi
     :: else -> skip
     fi
  od
}

/* What was sent arrives at some time; the first answer of a key is its answer for ever. */
active proctype Provider() {
  if
  :: can_pay = true
  :: can_pay = false
  fi;
end:
  do
  :: atomic {
       sent_authorise && said_authorise == unknown ->
       if
       :: can_pay && !voided -> said_authorise = yes
       :: else -> said_authorise = no
       fi
     }
  :: atomic {
       sent_capture && said_capture == unknown ->
       if
       :: said_authorise == yes && !voided -> has_money = true; said_capture = yes
       :: else -> said_capture = no
       fi
     }
  :: atomic {
       sent_void && said_void == unknown ->
       if
       :: has_money -> said_void = no
       :: else -> voided = true; said_void = yes
       fi
     }
  :: atomic {
       sent_refund && said_refund == unknown && has_money -> gave_back = true; said_refund = yes
     }
  od
}

init {
  atomic {
    byte i;
    for (i : 1 .. CANCELS) { run Cancel() }
    for (i : 1 .. COURIERS) { run Courier() }
  }
}

#define all_read (len(order_to_payment) == 0 && len(payment_to_order) == 0 && \
                  len(payment_to_delivery) == 0 && len(delivery_to_order) == 0)
#define money_kept (has_money && !gave_back)
#define settled (payment == paid || payment == declined || payment == refunded)

/* At every moment. */
#define cancelled_only_with_its_delivery (order != cancel || delivery == cancelled)
#define one_end_for_ever (first_end == nothing || delivery == first_end)
#define no_delivery_without_payment (!(delivery == started || delivery == complete) || has_money)
#define people_were_told_the_truth ((!told_cancelled || order == cancel) && \
                                    (!told_delivered || delivery == complete) && \
                                    (!told_refused || delivery == complete))
#define settled_money_is_right ((payment != paid || money_kept) && \
                                (!(payment == refunded || payment == declined) || !money_kept))
/* When there is no more news and nothing to settle, everybody agrees. */
#define all_agree_in_the_end \
  (!(all_read && settled && ENDED(delivery)) || \
   ((delivery == cancelled) == (order == cancel) && order_delivery == delivery && \
    order_payment == payment && (delivery == complete) == money_kept))

ltl always {
  [] (cancelled_only_with_its_delivery && one_end_for_ever && no_delivery_without_payment &&
      people_were_told_the_truth && settled_money_is_right && all_agree_in_the_end)
}
