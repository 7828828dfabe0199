"""Who an e-mail address and a recovery code let in."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.views.decorators.debug import sensitive_variables
from recovery_login import RecoveryLogin

logger = logging.getLogger(__name__)


class RecoveryCodeBackend(ModelBackend):
    """Users of the site and of recovery-codes are the same where their names are."""

    # Django hides credentials from the receivers of `user_login_failed` where the name says that
    # they are secret.
    @sensitive_variables("secret_code")
    def authenticate(self, request, email=None, secret_code=None):
        if not email or not secret_code:
            return None
        user = self._only_user(email)
        # Whom the site does not let in is asked about too, so that every no is the same. There is
        # no such name, so no code is used up.
        name = user.get_username() if user else f"no account: {email}"[:150]
        login = RecoveryLogin(**settings.RECOVERY_CODES)
        # Behind a proxy, this must be the address that the proxy was asked from.
        answer = login.verify(name, secret_code, request.META.get("REMOTE_ADDR"))
        request.recovery_answer = answer
        if answer.kind == "unavailable":
            logger.error("Recovery codes cannot be checked: %s", answer.message)
        # The name might be somebody else's address to recovery-codes.
        is_in = answer.kind == "yes" and user is not None and answer.user == name
        return user if is_in else None

    def _only_user(self, email):
        model = get_user_model()
        of_address = {f"{model.get_email_field_name()}__iexact": email}
        users = list(model._default_manager.filter(**of_address)[:2])
        if len(users) == 1 and self.user_can_authenticate(users[0]):
            return users[0]
        return None
