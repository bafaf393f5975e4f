"""A person's notifications: the list, the count of the bell, how they want to be told, and turning e-mails off."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import signed_in
from screening.actions import letters, notices
from screening.enums import MailStatus
from screening.forms.notifications import NotificationForm
from screening.models.notification import Mail, Notification
from screening.queries.telling.notices import notice
from screening.queries.telling.notifications import MOST_COUNTED, of_person, unread

PER_PAGE = 50


@login_required
@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """What this person was told of, the latest first; `?show=unread` for what is new only."""
    rows = of_person(signed_in(request))
    only_unread = request.GET.get("show") == "unread"
    page = Paginator(rows.filter(read_at=None) if only_unread else rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "notices": [notice(row) for row in page],
        "show_all": not only_unread,
        "only_unread": only_unread,
        "unread_url": "?show=unread",
    }
    return render(request, "screening/notifications.html", context)


@login_required
@never_cache
@require_GET
def count(request: HttpRequest) -> JsonResponse:
    """{"unread": n}, at most MOST_COUNTED: what the bell asks now and then."""
    return JsonResponse({"unread": unread(signed_in(request)), "most": MOST_COUNTED})


@login_required
@never_cache
@require_GET
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Go where it leads. Following it is having read it; a browser that only looks ahead reads nothing."""
    row = _own(request, notification_id)
    if "prefetch" not in request.headers.get("Sec-Purpose", ""):
        notices.read(notifications=Notification.objects.filter(pk=row.pk), by=signed_in(request))
    return redirect(notice(row).url)


@login_required
@require_POST
def read(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one as read."""
    row = _own(request, notification_id)
    notices.read(notifications=Notification.objects.filter(pk=row.pk), by=signed_in(request))
    return redirect("notifications:list")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read that this person may see."""
    user = signed_in(request)
    done = notices.read(notifications=of_person(user).filter(read_at=None), by=user)
    messages.success(request, f"{done} marked as read." if done else "All of them were read already.")
    return redirect("notifications:list")


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Which kinds, by which channel, and when."""
    user = signed_in(request)
    form = NotificationForm(request.POST or None, user=user, server_zone=django_settings.TIME_ZONE)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        notices.set_wishes(wishes=form.wishes(), digest_hour=data["digest_hour"], time_zone=data["time_zone"], by=user)
        messages.success(request, "Saved how you want to be told.")
        return redirect("notifications:settings")
    last = Mail.objects.filter(user=user).order_by("-id").first()
    refused = last is not None and last.status == MailStatus.FAILED
    return render(request, "screening/notification_settings.html", {"form": form, "refused": refused})


@csrf_exempt  # the token is the right to do it, and mail programs post here by themselves (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """Turn off the e-mails of whoever this link was mailed to, after a confirmation and without signing in."""
    try:
        user_id = letters.whose(token)
    except signing.BadSignature:
        return render(request, "screening/mail_off.html", {"state": "unknown"}, status=404)
    if request.method == "POST":
        for user in User.objects.filter(pk=user_id):
            notices.turn_mail_off(by=user)
        return render(request, "screening/mail_off.html", {"state": "done"})
    return render(request, "screening/mail_off.html", {"state": "ask"})


def _own(request: HttpRequest, notification_id: int) -> Notification:
    row = of_person(signed_in(request)).filter(pk=notification_id).first()
    if row is None:
        raise Http404("There is no such notification, or it is not yours.")
    return row
