// SPDX-License-Identifier: BSL-1.0

// The benchmark's login on Go's net/http and x/oauth2: start, callback, token, user, emails, session cookie, "who am I".
//
//	oauth2 --provider http://127.0.0.1:N | https://localhost:N       (SSL_CERT_FILE trusts its certificate)
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"

	"golang.org/x/oauth2"
)

type account struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	FullName string `json:"full_name"`
	Email    string `json:"email"`
}

type service struct {
	provider string
	config   oauth2.Config
	client   *http.Client
	sessions sync.Map // session id to account
}

func token() string {
	var bytes [16]byte
	if _, err := rand.Read(bytes[:]); err != nil {
		panic(err)
	}
	return hex.EncodeToString(bytes[:])
}

func (s *service) login(w http.ResponseWriter, r *http.Request) {
	state := token()
	http.SetCookie(w, &http.Cookie{Name: "state", Value: state, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, s.config.AuthCodeURL(state), http.StatusSeeOther)
}

func get(client *http.Client, url string, into any) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

func (s *service) finish(code string) (account, error) {
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, s.client)
	granted, err := s.config.Exchange(ctx, code)
	if err != nil {
		return account{}, err
	}
	client := s.config.Client(ctx, granted)
	var user struct {
		UUID        string `json:"uuid"`
		Username    string `json:"username"`
		DisplayName string `json:"display_name"`
	}
	var emails struct {
		Values []struct {
			Email     string `json:"email"`
			IsPrimary bool   `json:"is_primary"`
		} `json:"values"`
	}
	if err := get(client, s.provider+"/user", &user); err != nil {
		return account{}, err
	}
	if err := get(client, s.provider+"/user/emails", &emails); err != nil {
		return account{}, err
	}
	who := account{ID: user.UUID, Username: user.Username, FullName: user.DisplayName}
	for _, entry := range emails.Values {
		if entry.IsPrimary {
			who.Email = entry.Email
		}
	}
	return who, nil
}

func (s *service) callback(w http.ResponseWriter, r *http.Request) {
	state, err := r.Cookie("state")
	if err != nil || r.FormValue("state") != state.Value {
		http.Error(w, "state", http.StatusBadRequest)
		return
	}
	who, err := s.finish(r.FormValue("code"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	id := token()
	s.sessions.Store(id, who)
	http.SetCookie(w, &http.Cookie{Name: "state", MaxAge: -1})
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *service) me(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("session")
	if err == nil {
		if who, ok := s.sessions.Load(cookie.Value); ok {
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(who)
			return
		}
	}
	w.WriteHeader(http.StatusUnauthorized)
}

func main() {
	provider := flag.String("provider", "", "where the provider listens")
	flag.Parse()
	// As many connections to the provider are kept as there are logins at once; by default Go keeps two.
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	s := &service{provider: *provider, client: &http.Client{Transport: transport}, config: oauth2.Config{
		ClientID: "key", ClientSecret: "secret", RedirectURL: "http://127.0.0.1/callback", Scopes: []string{"account", "email"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   "https://bitbucket.org/site/oauth2/authorize",
			TokenURL:  *provider + "/token",
			AuthStyle: oauth2.AuthStyleInHeader,
		}}}
	http.HandleFunc("/login", s.login)
	http.HandleFunc("/callback", s.callback)
	http.HandleFunc("/me", s.me)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
