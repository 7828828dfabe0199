"""The addresses and names that django_auth_recovery_codes has for its login and logout."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from .views import RecoveryLoginView

logout = LogoutView.as_view(next_page="login_user", http_method_names=["post", "options"])

urlpatterns = [
    path("auth/recovery-codes/login/", RecoveryLoginView.as_view(), name="login_user"),
    path("auth/recovery-codes/logout/", logout, name="recovery_codes_logout"),
]
